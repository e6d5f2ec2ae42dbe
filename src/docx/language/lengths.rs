//! Lengths as templates write them (`79mm`, `1in`, `12pt`) and Word's units.

use minijinja::Value;
use minijinja::value::ValueKind;

/// English Metric Units per inch.
pub(crate) const EMU_PER_INCH: f64 = 914_400.0;
/// English Metric Units per point.
pub(crate) const EMU_PER_POINT: f64 = 12_700.0;

/// A length in English Metric Units: a number with `mm`, `cm`, `in`, `pt`,
/// `px` (96 to the inch) or `emu`.
pub(crate) fn parse(text: &str) -> Option<f64> {
    let text = text.trim();
    let split = text.find(|c: char| c.is_ascii_alphabetic())?;
    let number: f64 = text[..split].trim().parse().ok()?;
    let unit = match text[split..].trim().to_ascii_lowercase().as_str() {
        "mm" => EMU_PER_INCH / 25.4,
        "cm" => EMU_PER_INCH / 2.54,
        "in" => EMU_PER_INCH,
        "pt" => EMU_PER_POINT,
        "px" => EMU_PER_INCH / 96.0,
        "emu" => 1.0,
        _ => return None,
    };
    Some(number * unit).filter(|emu| emu.is_finite() && *emu > 0.0)
}

/// A length in English Metric Units: a text as [`parse`] reads it, or a number of
/// millimetres.
pub(crate) fn of(value: &Value) -> Option<f64> {
    match value.kind() {
        ValueKind::Number => parse(&format!("{value}mm")),
        _ => value.as_str().and_then(parse),
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn units() {
        assert_eq!(parse("25.4mm"), Some(914_400.0));
        assert_eq!(parse(" 72 pt "), Some(914_400.0));
        assert_eq!(parse("79"), None);
        assert_eq!(parse("-1cm"), None);
    }
}
