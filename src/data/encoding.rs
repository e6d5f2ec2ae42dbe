//! The encoding of a text file: UTF-8 is read, anything else is named.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::diag::{Diagnostic, Result, Source};
use crate::text;

/// The text of a UTF-8 file, with or without a byte order mark.
///
/// # Errors
/// A file in another encoding, with the encoding's name as far as it can be
/// told and the first line that is not UTF-8.
pub fn decode<'a>(name: &str, bytes: &'a [u8]) -> Result<Cow<'a, str>> {
    if let Some((encoding, _)) = Encoding::for_bom(bytes).filter(|(e, _)| *e != UTF_8) {
        return Err(foreign(name, bytes, encoding, 0).into());
    }
    let body = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    match std::str::from_utf8(body) {
        Ok(text) => Ok(Cow::Borrowed(text)),
        Err(error) => {
            let encoding = guess(bytes);
            Err(foreign(name, body, encoding, error.valid_up_to()).into())
        }
    }
}

/// The text of a file in whatever encoding it is, and the encoding's name. What
/// the encoding cannot hold becomes �.
pub fn decode_any(bytes: &[u8]) -> (Cow<'_, str>, &'static str) {
    let encoding = match Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding,
        None if std::str::from_utf8(bytes).is_ok() => UTF_8,
        None => guess(bytes),
    };
    let (text, encoding, _) = encoding.decode(bytes);
    (text, encoding.name())
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let nul_at = |parity: usize| {
        bytes.iter().skip(parity).step_by(2).take(64).filter(|b| **b == 0).count()
    };
    if nul_at(1) > 16 {
        return UTF_16LE;
    }
    if nul_at(0) > 16 {
        return UTF_16BE;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(Some(b"cn"), Utf8Detection::Deny)
}

fn foreign(
    name: &str,
    bytes: &[u8],
    encoding: &'static Encoding,
    at: usize,
) -> Diagnostic {
    let label = encoding.name();
    let (before, _, _) = encoding.decode(&bytes[..at]);
    let (shown, _, _) = encoding.decode(bytes);
    let start = before.len().min(shown.len());
    let end = shown[start..].chars().next().map_or(start, |c| start + c.len_utf8());
    Diagnostic::error(
        "data/encoding",
        text!(
            "文件的编码是 {label}，不是 UTF-8",
            "the file is encoded in {label}, not in UTF-8"
        ),
    )
    .at(Source::new(name, shown.as_ref()).place(start..end))
    .hint(text!("在编辑器里“另存为”，编码选 UTF-8", "save it as UTF-8 in your editor"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(bytes: &[u8]) -> String {
        let errors = decode("t.json", bytes).expect_err("not UTF-8");
        errors.diagnostics()[0].message.en.clone()
    }

    #[test]
    fn names_the_encodings_of_an_office() {
        let text = "{\"title\": \"新昌县科学技术协会第八次代表大会\"}";
        let (gbk, _, _) = encoding_rs::GBK.encode(text);
        assert!(label(&gbk).contains("GBK"), "{}", label(&gbk));
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let with_bom = [&[0xFF, 0xFE][..], &utf16].concat();
        assert!(label(&with_bom).contains("UTF-16LE"));
    }

    #[test]
    fn accepts_utf8_with_and_without_bom() {
        assert_eq!(decode("t", b"\xEF\xBB\xBF{}").expect("UTF-8"), "{}");
        assert_eq!(decode("t", "会".as_bytes()).expect("UTF-8"), "会");
    }
}
