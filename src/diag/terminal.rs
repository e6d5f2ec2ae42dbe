//! Diagnostics for people: the excerpt with carets, and the hints.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{
    Annotation, AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet,
};

use super::{
    Diagnostic, Excerpt, Lang, Place, Position, Severity, SheetPlace, WordPlace,
};

/// Whether to write colours.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub enum Style {
    /// Text only.
    Plain,
    /// ANSI colours.
    Coloured,
}

/// The width that long lines are trimmed to, in columns; fixed, so that messages
/// in a log look like those on the screen.
const WIDTH: usize = 100;

/// One diagnostic as text of several lines, without a line feed at the end.
pub fn render(diagnostic: &Diagnostic, lang: Lang, style: Style) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR.with_name(Some(word(lang, "错误", "error"))),
        Severity::Warning => {
            Level::WARNING.with_name(Some(word(lang, "警告", "warning")))
        }
    };
    let title =
        level.primary_title(diagnostic.message.get(lang)).id(diagnostic.code.as_ref());
    let mut group = Group::with_title(title);
    if let Some(place) = &diagnostic.place {
        group = group.elements(place_elements(place, lang));
    }
    for text in &diagnostic.notes {
        let note = Level::NOTE.with_name(Some(word(lang, "说明", "note")));
        group = group.element(note.message(text.get(lang)));
    }
    for hint in &diagnostic.hints {
        let help = Level::HELP.with_name(Some(word(lang, "建议", "hint")));
        group = group.element(help.message(hint.get(lang)));
    }
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Coloured => Renderer::styled(),
    };
    let text = renderer.decor_style(DecorStyle::Ascii).term_width(WIDTH).render(&[group]);
    without_gaps(&text)
}

/// Drops the lines `:::` that the renderer puts between a place it was given in
/// words and the excerpt: they tell nothing.
fn without_gaps(text: &str) -> String {
    let is_gap = |line: &str| {
        let mut pieces = line.split('\x1b');
        let first = pieces.next().unwrap_or_default().to_string();
        let plain = pieces.fold(first, |plain, piece| {
            plain + piece.split_once('m').map_or(piece, |(_, words)| words)
        });
        plain.trim() == ":::"
    };
    let kept: Vec<&str> = text.lines().filter(|line| !is_gap(line)).collect();
    kept.join("\n")
}

fn word(lang: Lang, zh: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

fn place_elements(place: &Place, lang: Lang) -> Vec<Element<'_>> {
    let mut path = place.file.clone();
    if let Some(word_place) = &place.word {
        path = format!("{path}: {}", describe(word_place, lang));
    }
    if let Some(cell) = &place.sheet {
        path = format!("{path}: {}", describe_cell(cell, lang));
    }
    let mut elements: Vec<Element<'_>> = Vec::new();
    match (&place.excerpt, place.position) {
        // The renderer counts the column in the excerpt.
        (Some(excerpt), Some(position)) if excerpt.is_whole() => {
            elements.push(snippet(excerpt, Some(position.line)).path(path).into());
        }
        (excerpt, position) => {
            let origin = match position {
                Some(Position { line, column }) => {
                    Origin::path(path).line(line).char_column(column)
                }
                None => Origin::path(path),
            };
            elements.push(origin.into());
            let line = position.map(|position| position.line);
            elements.extend(excerpt.iter().map(|excerpt| snippet(excerpt, line).into()));
        }
    }
    if let Some(pointer) = place.pointer.as_deref().filter(|pointer| !pointer.is_empty())
    {
        let note = Level::NOTE.with_name(Some(word(lang, "位置", "at")));
        elements.push(note.message(pointer).into());
    }
    elements
}

/// A place in words, on one line.
pub fn locate(place: &Place, lang: Lang) -> String {
    let inside = match (&place.word, &place.sheet, place.position) {
        (Some(word_place), ..) => format!(": {}", describe(word_place, lang)),
        (_, Some(cell), _) => format!(": {}", describe_cell(cell, lang)),
        (_, _, Some(Position { line, column })) => format!(":{line}:{column}"),
        _ => String::new(),
    };
    place.file.clone() + &inside
}

fn describe(place: &WordPlace, lang: Lang) -> String {
    let WordPlace { part, paragraph, cell } = place;
    match (lang, cell) {
        (Lang::Zh, None) => format!("{part} 第 {paragraph} 段"),
        (Lang::Zh, Some((row, column))) => {
            format!("{part} 第 {paragraph} 段（表格第 {row} 行第 {column} 格）")
        }
        (Lang::En, None) => format!("{part} paragraph {paragraph}"),
        (Lang::En, Some((row, column))) => {
            format!("{part} paragraph {paragraph} (table row {row}, cell {column})")
        }
    }
}

fn describe_cell(place: &SheetPlace, lang: Lang) -> String {
    let SheetPlace { sheet, row, column } = place;
    match (lang, sheet) {
        (Lang::Zh, None) => format!("第 {row} 行 {column} 列"),
        (Lang::Zh, Some(sheet)) => format!("表 {sheet} 第 {row} 行 {column} 列"),
        (Lang::En, None) => format!("row {row}, column {column}"),
        (Lang::En, Some(sheet)) => format!("sheet {sheet}, row {row}, column {column}"),
    }
}

fn snippet(excerpt: &Excerpt, line: Option<usize>) -> Snippet<'_, Annotation<'_>> {
    let mark = AnnotationKind::Primary.span(excerpt.mark.clone());
    Snippet::source(excerpt.text.as_str())
        .line_start(line.unwrap_or(1))
        .line_numbering(line.is_some())
        .annotation(mark)
}
