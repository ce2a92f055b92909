# The demo, its made-up cameras, and states printed (English)

clips-no-encoder = The pictures of the made-up cameras cannot be made: this FFmpeg has no encoder for { $codec } ({ $names }). Install FFmpeg with it (Debian: apt-get install libavcodec59) or choose another codec.
clips-failed = The pictures of the made-up cameras cannot be made: { $reason }.
