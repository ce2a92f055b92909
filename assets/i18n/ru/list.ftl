# the station list: import, differences, export (русский язык)
