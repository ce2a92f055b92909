# the wall (русский язык)
