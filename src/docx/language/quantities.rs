//! Numbers as a dataset writes them, with the number format that writes them so.

/// How many digits a number may have: what spreadsheets keep.
const MOST_DIGITS: usize = 15;

/// What stands between groups of digits: `10 030`, `1,234`.
const SEPARATORS: [char; 6] = [',', '，', ' ', '\u{a0}', '\u{2009}', '\u{202f}'];

/// A number and how it is written.
#[derive(Debug, Clone, Eq, PartialEq)]
pub(crate) struct Quantity {
    /// As written.
    pub(crate) written: String,
    /// Its digits, with `-` and `.` if it has them.
    pub(crate) plain: String,
}

impl Quantity {
    /// Reads `-1,234.50`: digits with a sign, separators between them and a point.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let written = text.trim();
        let (sign, body) = signed(written);
        let (whole, fraction) = match body.split_once('.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (body, None),
        };
        let is_number =
            |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let sound = whole.split(SEPARATORS).chain(fraction).all(is_number);
        let digits: String = whole.chars().filter(char::is_ascii_digit).collect();
        if !sound || digits.len() + fraction.map_or(0, str::len) > MOST_DIGITS {
            return None;
        }
        let minus = if matches!(sign, None | Some('+')) { "" } else { "-" };
        let whole = match digits.trim_start_matches('0') {
            "" => "0",
            whole => whole,
        };
        let fraction = fraction.map_or(String::new(), |digits| format!(".{digits}"));
        let plain = format!("{minus}{whole}{fraction}");
        Some(Self { written: written.to_owned(), plain })
    }

    /// The number.
    pub(crate) fn value(&self) -> f64 {
        self.plain.parse().unwrap_or_default()
    }

    /// The number format, in the language of spreadsheets, that writes the number
    /// as it is written here.
    pub(crate) fn format(&self) -> String {
        let (sign, body) = signed(&self.written);
        let (whole, fraction) = body.split_once('.').unwrap_or((body, ""));
        let mut format = whole_format(whole);
        if !fraction.is_empty() {
            format.push('.');
            format.extend(fraction.chars().map(|_| '0'));
        }
        match sign {
            None | Some('-') => format,
            Some('+') => format!("+{format};-{format}"),
            Some(sign) => format!("{format};\\{sign}{format}"),
        }
    }
}

/// A number as written, its sign apart.
fn signed(written: &str) -> (Option<char>, &str) {
    let sign = written.chars().next().filter(|c| matches!(c, '+' | '-' | '−' | '－'));
    (sign, sign.map_or(written, |sign| &written[sign.len_utf8()..]))
}

/// The format of digits and their separators.
fn whole_format(whole: &str) -> String {
    let groups: Vec<&str> = whole.split(',').collect();
    let thousands = groups.len() > 1
        && (1..=3).contains(&groups[0].len())
        && !whole.starts_with('0')
        && groups[1..]
            .iter()
            .all(|group| group.len() == 3 && group.bytes().all(|b| b.is_ascii_digit()));
    if thousands {
        return "#,##0".to_owned();
    }
    // Zeros at the beginning are written, too: 007.
    let padded = whole.len() > 1 && whole.starts_with('0');
    let last = whole.len() - 1;
    let mut format = String::new();
    for (at, c) in whole.char_indices() {
        match c {
            '0'..='9' if padded || at == last => format.push('0'),
            '0'..='9' if whole.contains(SEPARATORS) => format.push('#'),
            '0'..='9' => {}
            separator => format.extend(['\\', separator]),
        }
    }
    format
}

#[cfg(test)]
mod tests {
    use super::Quantity;

    #[test]
    fn numbers_as_written() {
        let cases = [
            ("43000", "43000", "0"),
            ("0", "0", "0"),
            ("7.9", "7.9", "0.0"),
            ("43.50", "43.50", "0.00"),
            ("10 030", "10030", "##\\ ##0"),
            ("1 234 567", "1234567", "#\\ ###\\ ##0"),
            ("1,234.50", "1234.50", "#,##0.00"),
            ("12,345,678", "12345678", "#,##0"),
            ("1,2345", "12345", "#\\,###0"),
            ("1，234", "1234", "#\\，##0"),
            ("-3", "-3", "0"),
            ("−3.5", "-3.5", "0.0;\\−0.0"),
            ("+12", "12", "+0;-0"),
            ("007", "7", "000"),
            (" 5 ", "5", "0"),
        ];
        for (written, plain, format) in cases {
            let read = Quantity::read(written).expect("a number");
            assert_eq!((read.plain.as_str(), read.format().as_str()), (plain, format));
        }
        for text in [
            "",
            "-",
            "a",
            "1.",
            ".5",
            "1,,2",
            "1, 2",
            ",1",
            "1e5",
            "十",
            "1234567890123456",
        ] {
            assert_eq!(Quantity::read(text), None, "{text}");
        }
    }
}
