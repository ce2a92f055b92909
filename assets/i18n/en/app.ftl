# the command line and start-up (English)
