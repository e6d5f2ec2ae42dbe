//! Typst's diagnostics in our form, with the template's own file and line.

use typst::WorldExt;
use typst::diag::{Severity, SourceDiagnostic, Tracepoint};
use typst::syntax::DiagSpan;

use super::world::World;
use crate::diag::{Diagnostic, Place, Source, Text};
use crate::text;

/// One diagnostic of Typst's.
pub(super) fn diagnostic(world: &World, found: &SourceDiagnostic) -> Diagnostic {
    let message = message(&found.message);
    let mut ours = match found.severity {
        Severity::Error => Diagnostic::error("typst/error", message),
        Severity::Warning => Diagnostic::warning("typst/warning", message),
    };
    ours.place = place(world, found.span);
    // Advice on the options of another program is none to our users.
    for hint in found.hints.iter().filter(|hint| !hint.v.contains("project")) {
        ours.hints.push(Text::verbatim(hint.v.as_str()));
    }
    if is_about_files(&found.message) {
        ours.hints.push(text!(
            "模板只能读模板文件夹里的文件，和工程里 `/project/` 之下的文件",
            "a template may read the files of its own folder, and the project's below `/project/`"
        ));
    }
    for point in &found.trace {
        ours.notes.extend(trace(world, &point.v, DiagSpan::from(point.span)));
    }
    ours
}

fn place(world: &World, span: DiagSpan) -> Option<Place> {
    let id = span.id()?;
    let source = typst::World::source(world, id);
    let name = world.shown(id);
    match (source, world.range(span)) {
        (Ok(source), Some(range)) => Some(Source::new(name, source.text()).place(range)),
        _ => Some(Place::file(name)),
    }
}

fn trace(world: &World, point: &Tracepoint, span: DiagSpan) -> Option<Text> {
    let place = place(world, span)?;
    let (file, line) = (place.file, place.position?.line);
    Some(match point {
        Tracepoint::Call(Some(name)) => {
            text!(
                "发生在 {file}:{line} 调用 `{name}` 时",
                "while calling `{name}` at {file}:{line}"
            )
        }
        Tracepoint::Call(None) => {
            text!(
                "发生在 {file}:{line} 的函数调用里",
                "while calling a function at {file}:{line}"
            )
        }
        Tracepoint::Show(name) => {
            text!(
                "发生在 {file}:{line} 对 `{name}` 的 show 规则里",
                "in the show rule for `{name}` at {file}:{line}"
            )
        }
        Tracepoint::Import(name) => {
            text!(
                "发生在 {file}:{line} 引入 `{name}` 时",
                "while importing `{name}` at {file}:{line}"
            )
        }
        Tracepoint::Include(name) => {
            text!(
                "发生在 {file}:{line} 包含 `{name}` 时",
                "while including `{name}` at {file}:{line}"
            )
        }
    })
}

fn is_about_files(message: &str) -> bool {
    message.starts_with("file not found")
        || message.starts_with("failed to load file")
        || message.contains("escape")
}

/// The openings of Typst's commonest messages in Chinese; what follows them is
/// a name or a type, which stays as it is.
const OPENINGS: &[(&str, &str)] = &[
    ("unknown variable: ", "没有这个变量："),
    ("unknown font family: ", "没有这个字体："),
    ("file not found (searched at ", "找不到文件 (找过 "),
    ("failed to load file (", "读不了文件 ("),
    ("dictionary does not contain key ", "字典里没有这个键："),
    ("dictionary key ", "字典的键 "),
    ("unclosed delimiter", "括号没有闭合"),
    ("unclosed string", "文字的引号没有闭合"),
    ("unexpected argument: ", "多余的参数："),
    ("unexpected argument", "多余的参数"),
    ("missing argument: ", "缺少参数："),
    ("cannot divide by zero", "除数是零"),
    ("array index out of bounds ", "数组下标越界 "),
    ("failed to parse JSON ", "JSON 解析不了 "),
    ("path ", "路径 "),
    ("expected ", "这里应是 "),
    ("cannot ", "不能 "),
];

/// What may stand inside a message, in Chinese.
const PHRASES: &[(&str, &str)] = &[
    (" is outside the project and may not be read", " 在工程文件夹之外，不能读取"),
    (" would escape the project root", " 越出了工程文件夹"),
    (" does not exist", " 不存在"),
    ("packages from the network are not used", "不使用网上的包"),
    ("access denied", "不允许读取"),
    ("is a directory", "是一个文件夹"),
    (" has no method ", " 没有这个方法："),
    (" could not be displayed with font ", " 这个字体没有这个字："),
];

fn message(english: &str) -> Text {
    let opening = OPENINGS.iter().find_map(|(opening, chinese)| {
        english.strip_prefix(opening).map(|rest| format!("{chinese}{rest}"))
    });
    let chinese = opening.unwrap_or_else(|| english.to_string());
    let zh = PHRASES
        .iter()
        .fold(chinese, |text, (english, chinese)| text.replace(english, chinese));
    Text { zh, en: english.to_string() }
}
