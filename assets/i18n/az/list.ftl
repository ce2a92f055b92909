# the station list: import, differences, export (azərbaycan dili)
