//! Reads a Rust source text and lists every path it names (`crate::config::Station`,
//! `std::thread`), with its line: in `use`, in expressions, in types and inside macros alike.
//!
//! Works on tokens, not on a syntax tree, because the arguments of a macro are tokens only. `use`
//! trees are unfolded, `self` and `super` resolved against the module, and names brought in by
//! `use` (also renamed) replaced by what they stand for wherever they begin a path. Names are
//! looked up per file, not per scope, and globs are not followed: good enough to guard a layering
//! that nobody tries to break on purpose.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use std::collections::{HashMap, HashSet};

/// A path as the compiler would read it: `crate::…` for our own, else beginning with a crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NamedPath {
    /// The segments, `*` for a glob; our own paths begin with `crate`.
    pub(crate) segments: Vec<String>,
    /// From 1.
    pub(crate) line: usize,
    /// Inside `#[cfg(test)]`.
    pub(crate) in_test: bool,
}

/// What one source text names.
#[derive(Debug, Default)]
pub(crate) struct Named {
    /// Every path of two or more segments, and every imported name.
    pub(crate) paths: Vec<NamedPath>,
    /// Modules declared as `#[cfg(test)] mod name;`: their files are test code.
    pub(crate) test_modules: Vec<String>,
    /// Lines of things this reader cannot follow (`#[path]`, `include!` of code).
    pub(crate) opaque: Vec<(usize, &'static str)>,
}

/// Reads `source`, the text of the module `module` (`["wall", "pages"]`; empty for the root).
///
/// Fails with the tokenizer's message when the text is no Rust.
pub(crate) fn named_paths(source: &str, module: &[String]) -> Result<Named, String> {
    // A doc comment at the head is an inner attribute: fine as tokens.
    let tokens: TokenStream = source.parse().map_err(|error| format!("not Rust: {error}"))?;
    let mut reader = Reader::default();
    reader.stream(tokens, &Place { module: module.to_vec(), in_test: false });
    reader.replace_imported_names();
    Ok(reader.named)
}

/// Where in the module tree the reader stands.
#[derive(Clone)]
struct Place {
    module: Vec<String>,
    in_test: bool,
}

#[derive(Default)]
struct Reader {
    named: Named,
    imports: HashMap<String, Vec<String>>,
}

impl Reader {
    fn stream(&mut self, stream: TokenStream, place: &Place) {
        let tokens: Vec<TokenTree> = stream.into_iter().collect();
        let mut at = 0;
        let mut test_next = false;
        while at < tokens.len() {
            match &tokens[at] {
                TokenTree::Punct(punct) if punct.as_char() == '#' => {
                    let after = at + 1 + usize::from(is_punct(tokens.get(at + 1), '!'));
                    if let Some(TokenTree::Group(group)) = tokens.get(after) {
                        test_next |= self.attribute(group.stream(), group.span_open(), place);
                        at = after + 1;
                    } else {
                        at += 1;
                    }
                }
                TokenTree::Ident(word) if *word == "use" => {
                    at = self.use_statement(&tokens, at + 1, place, &mut test_next);
                }
                TokenTree::Ident(word) if *word == "mod" => {
                    at = self.module(&tokens, at + 1, place, test_next);
                    test_next = false;
                }
                TokenTree::Ident(word)
                    if *word == "include" && is_punct(tokens.get(at + 1), '!') =>
                {
                    self.named.opaque.push((line(word.span()), "include! of code"));
                    at += 2;
                }
                TokenTree::Ident(_) => at = self.path(&tokens, at, place),
                TokenTree::Group(group) => {
                    let in_test = place.in_test || (test_next && is_brace(group));
                    test_next &= !is_brace(group);
                    self.stream(group.stream(), &Place { in_test, ..place.clone() });
                    at += 1;
                }
                TokenTree::Punct(punct) => {
                    test_next &= punct.as_char() != ';';
                    at += 1;
                }
                TokenTree::Literal(_) => at += 1,
            }
        }
    }

    /// Says whether it is `#[cfg(test)]` (or `cfg(all(test, …))`) or `#[test]`.
    fn attribute(&mut self, stream: TokenStream, open: Span, place: &Place) -> bool {
        let words: Vec<String> = stream.clone().into_iter().map(|t| t.to_string()).collect();
        match words.first().map(String::as_str) {
            Some("path") => {
                self.named.opaque.push((line(open), "#[path]"));
                false
            }
            Some("cfg") => words.get(1).is_some_and(|w| {
                w == "(test)" || w.starts_with("(all (test") || w.starts_with("(all(test")
            }),
            Some("test") => words.len() == 1,
            Some("doc") => false,
            _ => {
                self.stream(stream, place);
                false
            }
        }
    }

    /// `use …;` from the token after `use`; gives the place after the semicolon.
    fn use_statement(
        &mut self,
        tokens: &[TokenTree],
        from: usize,
        place: &Place,
        test_next: &mut bool,
    ) -> usize {
        let end =
            from + tokens[from..].iter().take_while(|token| !is_punct(Some(token), ';')).count();
        // `impl Trait + use<'a>` (precise capturing) is no import.
        if is_punct(tokens.get(from), '<') {
            return from;
        }
        let place = Place { in_test: place.in_test || *test_next, ..place.clone() };
        *test_next = false;
        self.use_tree(&tokens[from..end], &[], &place);
        end + 1
    }

    fn use_tree(&mut self, tokens: &[TokenTree], prefix: &[String], place: &Place) {
        let mut segments = prefix.to_vec();
        let mut at = 0;
        let mut alias = None;
        let mut start = None;
        while at < tokens.len() {
            match &tokens[at] {
                TokenTree::Group(group) => {
                    let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                    for branch in inner.split(|token| is_punct(Some(token), ',')) {
                        if !branch.is_empty() {
                            self.use_tree(branch, &segments, place);
                        }
                    }
                    return;
                }
                TokenTree::Ident(word) if *word == "as" => {
                    alias = tokens.get(at + 1).map(ToString::to_string);
                    break;
                }
                TokenTree::Ident(word) => {
                    start.get_or_insert(word.span());
                    segments.push(plain(&word.to_string()));
                }
                TokenTree::Punct(punct) if punct.as_char() == '*' => {
                    start.get_or_insert(punct.span());
                    segments.push("*".to_owned());
                }
                _ => {}
            }
            at += 1;
        }
        let Some(start) = start else { return };
        // `use a::b::{self, c}`: the `self` stands for `a::b`.
        if segments.len() > 1 && segments.last().is_some_and(|last| last == "self") {
            segments.pop();
        }
        let segments = absolute(segments, &place.module);
        let name = alias.or_else(|| segments.last().cloned()).unwrap_or_default();
        if segments != ["crate"] && name != "*" && name != "_" && segments.last() != Some(&name)
            || segments.len() > 1 && name != "*"
        {
            self.imports.insert(name, segments.clone());
        }
        let in_test = place.in_test;
        self.named.paths.push(NamedPath { segments, line: line(start), in_test });
    }

    /// `mod name { … }` or `mod name;` from the token after `mod`.
    fn module(&mut self, tokens: &[TokenTree], from: usize, place: &Place, is_test: bool) -> usize {
        let Some(TokenTree::Ident(name)) = tokens.get(from) else { return from };
        let name = plain(&name.to_string());
        match tokens.get(from + 1) {
            Some(TokenTree::Group(group)) if is_brace(group) => {
                let mut module = place.module.clone();
                module.push(name);
                let in_test = place.in_test || is_test;
                self.stream(group.stream(), &Place { module, in_test });
                from + 2
            }
            _ => {
                if is_test || place.in_test {
                    self.named.test_modules.push(name);
                }
                from + 1
            }
        }
    }

    /// A path in an expression, type or macro, from its first word.
    fn path(&mut self, tokens: &[TokenTree], from: usize, place: &Place) -> usize {
        let mut segments = Vec::new();
        let mut at = from;
        while let Some(TokenTree::Ident(word)) = tokens.get(at) {
            segments.push(plain(&word.to_string()));
            at += 1;
            if !is_path_separator(tokens, at) {
                break;
            }
            at += 2;
        }
        // `#name::` in a quoting macro or `x.y::<T>()` begin with a word too: harmless, as such a
        // word names no crate or module of the tables.
        if segments.len() > 1 || segments[0] == "super" {
            let segments = absolute(segments, &place.module);
            let start = line(tokens[from].span());
            self.named.paths.push(NamedPath { segments, line: start, in_test: place.in_test });
        }
        at.max(from + 1)
    }

    /// `use std::time::Instant; Instant::now()` names `std::time::Instant::now`.
    fn replace_imported_names(&mut self) {
        for path in &mut self.named.paths {
            let mut seen = HashSet::new();
            while let Some(target) = path.segments.first().and_then(|s| self.imports.get(s)) {
                if !seen.insert(path.segments[0].clone()) {
                    break;
                }
                path.segments.splice(..1, target.iter().cloned());
            }
        }
    }
}

/// Resolves `self`, `super` and the crate's own name.
fn absolute(segments: Vec<String>, module: &[String]) -> Vec<String> {
    let mut base: Option<Vec<String>> = None;
    let mut rest = segments.into_iter().peekable();
    while let Some(word) = rest.peek() {
        match (word.as_str(), &mut base) {
            ("crate" | "pollwall", None) => base = Some(Vec::new()),
            ("self", None) => base = Some(module.to_vec()),
            ("super", None) => {
                let mut up = module.to_vec();
                up.pop();
                base = Some(up);
            }
            ("super", Some(up)) => {
                up.pop();
            }
            _ => break,
        }
        rest.next();
    }
    match base {
        Some(base) => std::iter::once("crate".to_owned()).chain(base).chain(rest).collect(),
        None => rest.collect(),
    }
}

fn line(span: Span) -> usize {
    span.start().line
}

/// Without the `r#` of a raw name.
fn plain(word: &str) -> String {
    word.strip_prefix("r#").unwrap_or(word).to_owned()
}

fn is_punct(token: Option<&TokenTree>, wanted: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == wanted)
}

fn is_brace(group: &proc_macro2::Group) -> bool {
    group.delimiter() == Delimiter::Brace
}

/// `::` followed by another word.
fn is_path_separator(tokens: &[TokenTree], at: usize) -> bool {
    is_punct(tokens.get(at), ':')
        && is_punct(tokens.get(at + 1), ':')
        && matches!(tokens.get(at + 2), Some(TokenTree::Ident(_)))
}
