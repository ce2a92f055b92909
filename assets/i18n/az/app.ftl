# the command line and start-up (azərbaycan dili)
