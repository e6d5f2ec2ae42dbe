//! What is wrong with a manifest, in words.

use super::pattern;
use super::written::{File, Word};
use crate::diag::{Diagnostic, Place, SLIP, Text, nearest};
use crate::text;

/// What is wrong with a file name; `known` says which of the placeholders that are
/// not always there can be filled in.
pub(super) fn file_faults(
    file: &File,
    word: &Word,
    known: &[(&str, bool)],
) -> Vec<Diagnostic> {
    let name = &word.text;
    let mut faults = Vec::new();
    let drive = name.as_bytes().get(1) == Some(&b':');
    if name.is_empty()
        || name.split(['/', '\\']).any(|part| part == "..")
        || name.starts_with(['/', '\\'])
        || drive
    {
        let fault = Diagnostic::error(
            "project/manifest",
            text!(
                "输出文件名 `{name}` 越出了输出文件夹",
                "the file name `{name}` leaves the output folder"
            ),
        );
        faults.push(fault.at(file.place(word)));
    }
    let always = ["edition", "template", "format"];
    for placeholder in pattern::placeholders(name) {
        let given = known.iter().find(|(name, _)| *name == placeholder);
        if placeholder.starts_with('/')
            || always.contains(&placeholder)
            || given.is_some_and(|(_, is_there)| *is_there)
        {
            continue;
        }
        let start = name.find(&format!("{{{placeholder}}}")).unwrap_or(0);
        let place = file.inside(word, start..start + placeholder.len() + 2);
        faults.push(no_placeholder(placeholder, given.is_some()).at(place));
    }
    faults
}

fn no_placeholder(name: &str, is_known: bool) -> Diagnostic {
    let fault = Diagnostic::error(
        "project/manifest",
        text!(
            "文件名里的 `{{{name}}}` 没有内容可填",
            "nothing to fill in for `{{{name}}}`"
        ),
    );
    if is_known {
        return fault.hint(match name {
            "part" => text!(
                "只有 `from` 是列表或带 `*` 时才有 `{{part}}`",
                "`{{part}}` is there if `from` is a list or has a `*`"
            ),
            _ => text!(
                "写了 `profiles` 才有 `{{profile}}`",
                "`{{profile}}` is there if the output has `profiles`"
            ),
        });
    }
    let names = ["edition", "template", "format", "profile", "part"];
    fault.hint(match nearest(name, names, SLIP) {
        Some(near) => text!("是不是 `{{{near}}}`？", "did you mean `{{{near}}}`?"),
        None => text!(
            "可以写 {{edition}}、{{template}}、{{format}}、{{profile}}、{{part}}，数据里的字段写成 `{{/county/name}}`",
            "there are {{edition}}, {{template}}, {{format}}, {{profile}}, {{part}}; a field of the dataset is written `{{/county/name}}`"
        ),
    })
}

pub(super) fn pointer_fault(file: &File, word: &Word) -> Option<Diagnostic> {
    let pointer = &word.text;
    if pointer.starts_with('/') || pointer.is_empty() {
        return None;
    }
    let fault = Diagnostic::error(
        "project/manifest",
        text!("`{pointer}` 不是 JSON 指针", "`{pointer}` is not a JSON pointer"),
    );
    Some(fault.at(file.place(word)).hint(text!(
        "写成 `/documents/items/1` 这样，序号从 0 起；`/documents/items/*` 是每一项",
        "write it like `/documents/items/1`, counted from 0; `/documents/items/*` are all items"
    )))
}

pub(super) fn no_glob(
    code: &'static str,
    word: &Word,
    file: &File,
    error: &glob::PatternError,
) -> Diagnostic {
    let (glob, reason) = (&word.text, error.msg);
    let fault = Diagnostic::error(
        code,
        text!("`{glob}` 不是合格的通配（{reason}）", "`{glob}` is not a glob ({reason})"),
    );
    let at = error.pos + usize::from(glob.starts_with('!'));
    let at = glob.char_indices().nth(at).map_or(glob.len(), |(at, _)| at);
    fault.at(file.inside(word, at..at + 1))
}

pub(super) fn no_file(name: &str, place: Place) -> Diagnostic {
    Diagnostic::error("project/manifest", text!("没有文件 `{name}`", "no file `{name}`"))
        .at(place)
        .hint(text!(
            "文件名从 huikan.toml 所在的文件夹算起",
            "the name starts at the folder of huikan.toml"
        ))
}

pub(super) fn nested(place: Place) -> Diagnostic {
    Diagnostic::error(
        "project/manifest",
        text!(
            "只有 huikan.toml 自己可以写 `include`，也不能引入自己",
            "only huikan.toml itself may include files, and not itself"
        ),
    )
    .at(place)
    .hint(text!(
        "把文件都写在 huikan.toml 的 `include` 里",
        "name all files in `include` of huikan.toml"
    ))
}

pub(super) fn no_standard(name: &str, place: Place) -> Diagnostic {
    Diagnostic::error(
        "project/manifest",
        text!("没有 `{name}` 这个 PDF 标准", "no PDF standard `{name}`"),
    )
    .at(place)
    .hint(standards())
}

/// The PDF standards there are, to be shown.
pub fn standards() -> Text {
    text!(
        "可选：none、1.4 至 2.0、a-1a a-1b a-2a a-2b a-2u a-3a a-3b a-3u a-4 a-4e a-4f、ua-1",
        "options: none, 1.4 to 2.0, a-1a a-1b a-2a a-2b a-2u a-3a a-3b a-3u a-4 a-4e a-4f, ua-1"
    )
}
