# the wall (English)
