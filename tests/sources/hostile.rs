//! Playlists and servers that mean harm.
