//! The name that somebody probably meant.

/// How alike (Jaro–Winkler, 0 to 1) a slip and the name that was meant are.
pub const SLIP: f64 = 0.8;

/// The name most like a mistyped one, if one is more alike than `likeness`.
pub fn nearest<'a>(
    wanted: &str,
    names: impl IntoIterator<Item = &'a str>,
    likeness: f64,
) -> Option<&'a str> {
    names
        .into_iter()
        .map(|name| (strsim::jaro_winkler(wanted, name), name))
        .filter(|(score, _)| *score > likeness)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, name)| name)
}
