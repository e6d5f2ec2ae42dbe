//! The text of the real report as it was handed in, to hold outputs against.

use serde_json::Value;

/// The report's pieces in reading order: title, subtitle, event, lead, then label,
/// title, section titles and paragraphs of each highlight, then the closing.
pub fn pieces() -> Vec<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/seed/xinchang-handout.json");
    let text = std::fs::read_to_string(path).expect("the seed");
    let seed: Value = serde_json::from_str(&text).expect("JSON");
    let mut pieces = Vec::new();
    for key in ["title", "subtitle", "event", "lead"] {
        pieces.push(&seed[key]);
    }
    for highlight in seed["highlights"].as_array().expect("highlights") {
        pieces.extend([&highlight["label"], &highlight["title"]]);
        for section in highlight["sections"].as_array().expect("sections") {
            pieces.push(&section["title"]);
            pieces.extend(section["paragraphs"].as_array().expect("paragraphs"));
        }
    }
    pieces.push(&seed["closing"]);
    pieces.into_iter().map(|piece| piece.as_str().expect("text").to_string()).collect()
}

/// A text without what layout adds or takes: white space and word joiners.
pub fn letters(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '\u{2060}').collect()
}

/// The first piece that does not stand in `text` after the one before it, as a
/// whole and without white space.
pub fn first_missing(text: &str) -> Option<String> {
    let text = letters(text);
    let mut from = 0;
    for piece in pieces() {
        let wanted = letters(&piece);
        match text[from..].find(&wanted) {
            Some(at) => from += at + wanted.len(),
            None => return Some(piece),
        }
    }
    None
}

/// The first character of the report, with its piece, that does not stand in
/// `text` after all the ones before it.
pub fn first_missing_character(text: &str) -> Option<(char, String)> {
    let mut found = text.chars();
    for piece in pieces() {
        for c in letters(&piece).chars() {
            if !found.any(|other| other == c) {
                return Some((c, piece));
            }
        }
    }
    None
}
