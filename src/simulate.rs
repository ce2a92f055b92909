//! The camera simulator: made-up polling stations with cameras of their own, for rehearsals, tests
//! and the demo.

pub mod clips;
pub mod country;
mod scene;
