# the station list: import, differences, export (English)
