//! Case files that show what nobody sees.

/// The text with the characters that stand for others in case files: `\n`, `\t` and
/// `\u{200b}`.
pub(crate) fn unescaped(text: &str) -> String {
    let text = text.replace("\\n", "\n").replace("\\t", "\t");
    let mut pieces = text.split("\\u{");
    let mut out = pieces.next().unwrap_or_default().to_string();
    for piece in pieces {
        let (code, rest) = piece.split_once('}').expect("a closing brace");
        let code = u32::from_str_radix(code, 16).expect("a number");
        out.push(char::from_u32(code).expect("a character"));
        out.push_str(rest);
    }
    out
}
