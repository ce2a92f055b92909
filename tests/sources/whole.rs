//! Through the real program.
