# the command line and start-up (русский язык)
