//! An outline as Markdown: what comes out can be imported again, and stays the same.

use super::outline::{Outline, Role, Section};
use super::render;

/// The level of lines of the front that are not the title: no section has it.
const FRONT: usize = 6;

/// Writes an outline as Markdown.
pub fn markdown(outline: &Outline) -> String {
    let mut blocks = Vec::new();
    for line in &outline.front {
        let text = &line.words.text;
        blocks.push(match line.role {
            Role::Title => format!("# {text}"),
            Role::Salutation => text.clone(),
            _ => format!("{} {text}", "#".repeat(FRONT)),
        });
    }
    push(render::parts(&outline.lead, outline.markdown), &mut blocks);
    let below = usize::from(!outline.front.is_empty());
    for section in &outline.sections {
        push_section(section, below + 1, outline.markdown, &mut blocks);
    }
    push(render::parts(&outline.closing, outline.markdown), &mut blocks);
    for words in outline.signature.iter().chain(&outline.signed) {
        blocks.push(words.text.clone());
    }
    blocks.join("\n\n") + "\n"
}

fn push(text: String, blocks: &mut Vec<String>) {
    if !text.is_empty() {
        blocks.push(text);
    }
}

fn push_section(
    section: &Section,
    level: usize,
    markdown: bool,
    blocks: &mut Vec<String>,
) {
    let words = section.label.iter().chain(&section.title);
    let words: Vec<&str> = words.map(|words| words.text.as_str()).collect();
    blocks.push(format!(
        "{} {}",
        "#".repeat(level.min(FRONT - 1)),
        words.join("\u{3000}")
    ));
    push(render::parts(&section.parts, markdown), blocks);
    for inner in &section.sections {
        push_section(inner, level + 1, markdown, blocks);
    }
}
