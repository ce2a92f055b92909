//! The program: everything is in the library.

fn main() -> std::process::ExitCode {
    pollwall::app::main()
}
