//! CSV files, in whatever encoding and with whatever delimiter they come.

use csv::ReaderBuilder;

use super::sheet::Sheet;
use crate::data::encoding;
use crate::diag::{Diagnostic, Diagnostics, Place};
use crate::text;

/// Reads a CSV file.
///
/// Fails with `import/not-a-table`, `import/too-large`.
pub(super) fn read(
    name: &str,
    bytes: &[u8],
    faults: &mut Diagnostics,
) -> Result<Sheet, Diagnostic> {
    let (words, encoding) = encoding::decode_any(bytes);
    if words.contains('\0') {
        return Err(no_text(name));
    }
    if words.contains('\u{fffd}') {
        faults.push(undecodable(name, encoding));
    }
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&words))
        .from_reader(words.as_bytes());
    let mut sheet = Sheet::new(name, None);
    for record in reader.records() {
        // Text that is UTF-8 and of any length has no faults to CSV.
        let Ok(record) = record else { continue };
        let line = record.position().map_or(1, csv::Position::line);
        let row = u32::try_from(line.saturating_sub(1)).unwrap_or(u32::MAX);
        for (text, column) in record.iter().zip(0..) {
            sheet.put((row, column), text.to_string())?;
        }
    }
    if words.matches('"').count() % 2 == 1 {
        return Err(unclosed(end_of_quotes(&sheet)));
    }
    Ok(sheet)
}

/// The delimiter that most lines have equally often.
pub(in crate::data) fn delimiter(words: &str) -> u8 {
    let lines: Vec<&str> =
        words.lines().filter(|line| !line.trim().is_empty()).take(20).collect();
    let score = |delimiter: u8| {
        let counts: Vec<usize> = lines
            .iter()
            .map(|line| line.bytes().filter(|b| *b == delimiter).count())
            .collect();
        let most = counts.iter().max_by_key(|count| {
            (
                usize::from(**count > 0),
                counts.iter().filter(|other| other == count).count(),
            )
        });
        let most = *most.unwrap_or(&0);
        match most {
            0 => 0,
            _ => counts.iter().filter(|count| **count == most).count() * 100 + most,
        }
    };
    // Of equals, the comma.
    [b';', b'|', b'\t', b','].into_iter().max_by_key(|d| score(*d)).unwrap_or(b',')
}

pub(in crate::data) fn no_text(name: &str) -> Diagnostic {
    Diagnostic::error(
        "import/not-a-table",
        text!("既不是 CSV 也不是 XLSX", "neither CSV nor XLSX"),
    )
    .at(Place::file(name))
    .hint(text!("另存为 .xlsx 或“CSV UTF-8”", "save it as .xlsx or “CSV UTF-8”"))
}

/// A quote that is not closed takes in all that follows it: the last cell of
/// several lines has it.
fn end_of_quotes(sheet: &Sheet) -> Place {
    let rows = sheet.rows();
    let several = |(_, text): &&(u32, &str)| text.contains('\n');
    let at = rows.iter().rev().find_map(|(row, cells)| {
        cells.iter().rev().find(several).map(|(column, _)| (*row, *column))
    });
    at.map_or_else(|| sheet.whole(), |at| sheet.place(at))
}

/// The fault of a file with an odd number of quotes.
pub(in crate::data) fn unclosed(place: Place) -> Diagnostic {
    Diagnostic::error(
        "import/unclosed-quote",
        text!("有一个引号 `\"` 没有收住", "a quote `\"` is not closed"),
    )
    .at(place)
    .hint(text!(
        "补上另一半；文字里的引号写两个 `\"\"`，或用中文引号",
        "close it; a quote inside of text is written twice, `\"\"`"
    ))
}

pub(in crate::data) fn undecodable(name: &str, encoding: &str) -> Diagnostic {
    Diagnostic::warning(
        "import/encoding",
        text!(
            "按 {encoding} 读，有些字符读不出，成了 �",
            "read as {encoding}, some characters could not be read and became �"
        ),
    )
    .at(Place::file(name))
    .hint(text!("另存为“CSV UTF-8”或 .xlsx", "save it as “CSV UTF-8” or .xlsx"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters_are_guessed() {
        assert_eq!(delimiter("名单\n姓名,单位\n王芳,县医院"), b',');
        assert_eq!(delimiter("姓名\t单位,职务\n王芳\t医院,院长\n李明\t局"), b'\t');
        assert_eq!(delimiter("姓名;单位\n王芳;县医院"), b';');
        assert_eq!(delimiter("姓名\n王芳"), b',');
    }
}
