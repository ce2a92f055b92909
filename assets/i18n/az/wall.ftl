# the wall (azərbaycan dili)
