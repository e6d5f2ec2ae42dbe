//! Diagnostics as annotations of GitHub Actions (workflow commands).

use std::fmt::Write;

use crate::diag::{Diagnostic, Lang, Severity};

/// One diagnostic as a line of its own.
pub(super) fn line(diagnostic: &Diagnostic, lang: Lang) -> String {
    let kind = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let mut line = format!("::{kind} title={}", property(&diagnostic.code));
    if let Some(place) = &diagnostic.place {
        let _ = write!(line, ",file={}", property(&place.file));
        if let Some(position) = place.position {
            let _ = write!(line, ",line={},col={}", position.line, position.column);
        }
    }
    let place = diagnostic.place.as_ref();
    let pointer = place.and_then(|place| place.pointer.as_deref()).unwrap_or_default();
    let words = [&diagnostic.message].into_iter().chain(&diagnostic.hints);
    let words: Vec<&str> = words.map(|text| text.get(lang)).collect();
    let pointer =
        if pointer.is_empty() { String::new() } else { format!(" ({pointer})") };
    let _ = writeln!(line, "::{}{}", escaped(&words.join("\n")), escaped(&pointer));
    line
}

fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    escaped(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Source;
    use crate::text;

    #[test]
    fn lines_are_workflow_commands() {
        let source = Source::new("a,b.json", "x\n五年,在");
        let place = source.place(8..9).with_pointer("/lead");
        let finding = Diagnostic::warning("punct/half-width", text!("半角 100%", "half"))
            .at(place)
            .hint(text!("改", "mend"));
        assert_eq!(
            line(&finding, Lang::Zh),
            "::warning title=punct/half-width,file=a%2Cb.json,line=2,col=3::半角 100%25%0A改 (/lead)\n"
        );
    }
}
