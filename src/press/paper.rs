//! Sizes of sheets.

use super::geometry::Length;

/// A size of paper, upright: width and height in millimetres.
struct Paper(&'static [&'static str], f64, f64);

/// ISO 216, the raw formats of ISO 5457 / DIN 476 (SRA), US sizes, and the halves and
/// quarters of the Chinese raw sheets 正度 787 × 1092 and 大度 889 × 1194 (GB/T 788, GB/T
/// 148).
const PAPERS: &[Paper] = &[
    Paper(&["A0"], 841.0, 1189.0),
    Paper(&["A1"], 594.0, 841.0),
    Paper(&["A2"], 420.0, 594.0),
    Paper(&["A3"], 297.0, 420.0),
    Paper(&["A4"], 210.0, 297.0),
    Paper(&["A5"], 148.0, 210.0),
    Paper(&["A6"], 105.0, 148.0),
    Paper(&["B2"], 500.0, 707.0),
    Paper(&["B3"], 353.0, 500.0),
    Paper(&["B4"], 250.0, 353.0),
    Paper(&["B5"], 176.0, 250.0),
    Paper(&["SRA1"], 640.0, 900.0),
    Paper(&["SRA2"], 450.0, 640.0),
    Paper(&["SRA3"], 320.0, 450.0),
    Paper(&["SRA4"], 225.0, 320.0),
    Paper(&["LETTER"], 215.9, 279.4),
    Paper(&["TABLOID", "LEDGER"], 279.4, 431.8),
    Paper(&["正度全开", "ZHENGDU"], 787.0, 1092.0),
    Paper(&["正度对开", "ZHENGDU-2"], 546.0, 787.0),
    Paper(&["正度四开", "ZHENGDU-4"], 393.0, 546.0),
    Paper(&["正度八开", "ZHENGDU-8"], 273.0, 393.0),
    Paper(&["大度全开", "DADU"], 889.0, 1194.0),
    Paper(&["大度对开", "DADU-2"], 597.0, 889.0),
    Paper(&["大度四开", "DADU-4"], 444.0, 597.0),
    Paper(&["大度八开", "DADU-8"], 298.0, 444.0),
];

/// The names of all sizes.
pub fn names() -> impl Iterator<Item = &'static str> {
    PAPERS.iter().filter_map(|paper| paper.0.first().copied())
}

/// A size by name or as `320x450mm`, as it is said: width and height.
pub fn size(name: &str) -> Option<(Length, Length)> {
    let wanted = name.trim().to_uppercase();
    let found = PAPERS.iter().find(|paper| paper.0.contains(&wanted.as_str()));
    if let Some(Paper(_, width, height)) = found {
        return Some((Length::mm(*width), Length::mm(*height)));
    }
    let lower = name.trim().to_lowercase();
    let (width, height) = lower.split_once(['x', '×', '*'])?;
    let unit =
        height.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.' || c == ' ');
    let height: Length = height.trim().parse().ok()?;
    let own = width.trim().ends_with(|c: char| c.is_alphabetic());
    let width: Length = match own {
        true => width.trim().parse().ok()?,
        false => format!("{}{unit}", width.trim()).parse().ok()?,
    };
    (width.0 > 0.0 && height.0 > 0.0).then_some((width, height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_have_names_and_sizes() {
        let read = |name| size(name).map(|(w, h)| (w.in_mm().round(), h.in_mm().round()));
        assert_eq!(read("sra3"), Some((320.0, 450.0)));
        assert_eq!(read("大度对开"), Some((597.0, 889.0)));
        assert_eq!(read("320x450mm"), Some((320.0, 450.0)));
        assert_eq!(read("12x18in"), Some((305.0, 457.0)));
        assert_eq!(read("A33"), None);
        assert_eq!(read("0x5"), None);
    }
}
