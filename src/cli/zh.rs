//! The help of every command and option in Chinese, and clap's own words.

use clap::Command;
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

/// The about text of each command; the first is the program's.
const COMMANDS: &[(&str, &str)] = &[
    ("huikan", "把一届大会的数据排成可付印的 PDF 和可修改的 Word 稿"),
    ("init", "在新文件夹里建一个带样例的工程"),
    ("build", "生成一届、几届或全部的 PDF 和 Word 稿"),
    ("plan", "说出 build 会做什么，为什么"),
    ("verify", "证明输出文件和生成记录相同"),
    ("manifest", "合并一份计划各部分的生成记录"),
    ("manifest merge", "把各部分的记录合成一份"),
    ("cache", "清理以前生成时留下的缓存"),
    ("cache gc", "先清最久没有用到的，清到一定大小为止"),
    ("check", "检查数据和模板，什么也不写"),
    ("rules", "解释 check 的规则"),
    ("watch", "文件一改就重新生成"),
    ("merge", "把任意 Word 模板和任意 JSON 合并，不需要工程"),
    ("import", "把文稿变成数据，把 CSV 或 XLSX 里的名单、日程变成 JSON"),
    ("import", "把 CSV 或 XLSX 里的名单、日程变成 JSON"),
    ("impose", "把任意 PDF 的各页拼成大版，以便折、裁、订"),
    ("new", "由这一届的数据做出下一届的"),
    ("diff", "说出两届之间有什么不同"),
    ("fonts", "列出模板能用的字体"),
    ("templates", "列出模板，或复制一份来改"),
    ("schema", "打印模板所要数据的 JSON Schema"),
    ("worker", "做另一个 huikan 要的东西"),
    ("help", "打印本说明，或某个命令的说明"),
];

/// The help of each argument, by clap's id.
const ARGUMENTS: &[(&str, &str)] = &[
    ("project", "工程文件夹 [默认：往上最近的、有 huikan.toml 的文件夹]"),
    ("lang", "消息用的语言 [默认：看 LANG]"),
    ("message_format", "消息的写法"),
    ("color", "什么时候用颜色"),
    ("folder", "新文件夹；不写就是现在的文件夹"),
    ("editions", "哪几届，写名字或数据文件 [默认：工程里的全部]"),
    ("template", "模板，写名字或文件夹"),
    ("sample", "改用一份数据出几样东西的样例：congress"),
    ("formats", "格式，用逗号隔开 [默认：huikan.toml 里写的]"),
    ("fonts", "字体文件夹，可以写几个"),
    ("system_fonts", "也用系统里的字体"),
    ("pdf_standard", "必须达到的 PDF 标准 [默认：文档允许时 a-2a,ua-1]"),
    ("deny_warnings", "把警告当错误"),
    ("output", "输出文件夹 [默认：huikan.toml 里的 out]"),
    ("jobs", "同时做几份 [默认：看机器]"),
    ("fail_fast", "有一份出错就不再做别的"),
    ("keep_going", "有一份出错，别的照做；默认就是这样"),
    ("limit_time", "一份最多用多长时间，例如 30s、2m、1500ms"),
    ("limit_memory", "一份最多用多少内存，例如 512M、1G（限 Linux）"),
    ("max_memory", "全部加起来最多用多少内存（限 Linux）"),
    ("all", "生成全部各届；不写名字时就是这样"),
    ("fresh", "全部重做，不管已有的和缓存里的"),
    ("only", "只做上次没有做成的"),
    ("shard", "只做计划中的一份，例如 2/5，给几台机器分做"),
    ("prune", "删去以前生成、现在不做了的输出文件"),
    ("cache", "缓存文件夹 [默认：工程里的 .huikan/cache]"),
    ("no_cache", "不用缓存"),
    ("records", "生成记录，或它所在的文件夹 [默认：工程输出文件夹里的]"),
    ("rebuild", "全部重做一遍来比较"),
    ("parts", "各部分的记录"),
    ("merged", "合成的记录"),
    ("size", "留下多大，例如 500M、0 [默认：4G]"),
    ("ppi", "PNG 的分辨率，每英寸多少像素 [默认：144]"),
    ("eject", "不生成，而是把 Typst 看到的全部文件写到一个新文件夹"),
    ("parity", "证明每一届的 PDF 和 Word 稿内容相同"),
    ("no_layout", "不排版面：只查数据和模板，快得多"),
    ("fix", "把能安全改的直接改进数据文件，再查剩下的"),
    ("diff", "逐行显示 --fix 会改（或改了）什么"),
    ("ids", "只解释这几条规则"),
    ("timings", "说出每一步用了多少时间"),
    ("word_template", "Word 模板（.docx）"),
    ("contexts", "JSON 文件，可以有几个；模板只编译一次"),
    ("draft", "生成的稿子；{name}、{number} 和数据里的字段会填进文件名"),
    ("inspect", "列出模板里的标签和位置，以及它要哪些数据"),
    ("annotate", "把模板里的问题作为批注写进一份副本"),
    ("each", "数据文件是一个列表，每一项出一份"),
    ("anchors", "给每个印出的数据做记号，以便把稿子上的改动读回来"),
    ("no_anchors", "Word 稿里不做读回改动用的记号"),
    ("material", "文稿（.docx、.md、.txt、.html）或表格（.xlsx、.csv）"),
    ("dataset", "写到哪个 JSON 文件；写 .md 则是整理好的文稿 [默认：打印出来]"),
    ("report", "把全部改动和疑点另写成一个 JSON 文件"),
    ("interactive", "没有把握的改动一处一处地问"),
    ("into", "放在数据的哪里，JSON 指针，例如 /delegates"),
    ("sheet", "工作簿里的哪张表 [默认：第一张不空的]"),
    ("pages", "PDF 文件"),
    ("sheets", "拼好的大版，PDF 文件"),
    (
        "scheme",
        "怎样装订：saddle 骑马订、perfect-16 胶装、2x1 平拼、stack-2x4 裁叠、tri-fold、z-fold、gate-fold 折页",
    ),
    ("stock", "大版用的纸：A3、SRA3、大度对开……或 320x450mm"),
    ("paper", "纸多厚：里面的页按它向订口挪（爬移）"),
    ("bleed", "各页最多印到裁切线外多少"),
    ("gutter", "要裁开的页之间空多少，或订口留了多少给爬移 [默认：出血的两倍]"),
    ("milling", "书帖的订口铣掉多少"),
    ("cover", "头两页和末两页是封面，单独成张"),
    ("turn", "反面怎样印：另用一套版、左右翻、天地翻"),
    ("no_marks", "不画标记"),
    ("diagram", "画一张给人看的拼版图，SVG"),
    ("plan", "把拼版方案写成 JSON"),
    ("password", "加密文件的密码"),
    ("old", "较早的一届，写名字或数据文件"),
    ("new", "较晚的一届"),
    ("edition", "新一届的名字，例如 2025"),
    ("from", "由哪一届做起 [默认：最后一届]"),
    ("years", "相隔几年 [默认：看名字，看不出则一年]"),
    ("standalone", "写全，什么也不继承"),
    ("force", "可以改写已有的文件；写了 --into 则只换那一处"),
    ("export", "把程序自带的字体写到一个文件夹"),
    ("copy", "把一个自带的模板复制到工程的 templates 文件夹"),
    ("to", "复制成什么名字 [默认：不改名]"),
    ("help", "打印说明"),
    ("version", "打印版本"),
];

/// The same command with Chinese help.
pub(super) fn localise(command: Command) -> Command {
    localise_at(command, "")
}

/// The same, for a command below others, whose names come before its own.
fn localise_at(command: Command, above: &str) -> Command {
    let path = format!("{above} {}", command.get_name());
    let path = path.trim_start();
    let mut command = match lookup(COMMANDS, path) {
        Some(about) => command.about(about),
        None => command,
    };
    let ids: Vec<String> =
        command.get_arguments().map(|arg| arg.get_id().to_string()).collect();
    for id in ids {
        if let Some(help) = lookup(ARGUMENTS, &id) {
            command = command.mut_arg(id, |arg| arg.help(help));
        }
    }
    let names: Vec<String> =
        command.get_subcommands().map(|sub| sub.get_name().to_string()).collect();
    for sub in names {
        // The program's own name is not part of its commands'.
        let path = if above.is_empty() && path == "huikan" { "" } else { path };
        command = command.mut_subcommand(sub, |sub| localise_at(sub, path));
    }
    command
        .subcommand_help_heading("命令")
        .help_template("{about}\n\n用法：{usage}\n\n{all-args}")
}

/// What is wrong with the command line, in Chinese.
pub(super) fn usage_error(error: &Error) -> String {
    let get = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join("、"),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let (argument, value) =
        (get(ContextKind::InvalidArg), get(ContextKind::InvalidValue));
    let mut message = match error.kind() {
        ErrorKind::UnknownArgument => format!("没有 `{argument}` 这个选项"),
        ErrorKind::InvalidSubcommand => {
            format!("没有 `{}` 这个命令", get(ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingSubcommand => "缺少命令".to_string(),
        ErrorKind::InvalidValue if value.is_empty() => {
            format!("`{argument}` 后面缺少内容")
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            format!("`{argument}` 不能是 `{value}`")
        }
        ErrorKind::MissingRequiredArgument => format!("缺少 `{argument}`"),
        ErrorKind::ArgumentConflict => {
            format!("`{argument}` 不能和 `{}` 同用", get(ContextKind::PriorArg))
        }
        _ => return error.render().to_string(),
    };
    let near = [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedValue,
    ];
    for suggestion in near.into_iter().map(get).filter(|text| !text.is_empty()) {
        message += &format!("\n  建议：是不是 `{suggestion}`？");
    }
    let valid = get(ContextKind::ValidValue);
    if !valid.is_empty() {
        message += &format!("\n  可选：{valid}");
    }
    format!("错误：{message}\n  详见 `huikan --help`\n")
}

fn lookup(table: &'static [(&str, &str)], key: &str) -> Option<&'static str> {
    table.iter().find(|(id, _)| *id == key).map(|(_, text)| *text)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::cli::args::Arguments;

    #[test]
    fn every_command_and_argument_has_chinese_help() {
        fn check(command: &Command, above: &str) {
            let path = format!("{above} {}", command.get_name());
            let path = path.trim_start();
            assert!(lookup(COMMANDS, path).is_some(), "{path}");
            for arg in command.get_arguments() {
                assert!(
                    lookup(ARGUMENTS, arg.get_id().as_str()).is_some(),
                    "{}",
                    arg.get_id()
                );
            }
            let path = if path == "huikan" { "" } else { path };
            command.get_subcommands().for_each(|sub| check(sub, path));
        }
        check(&Arguments::command(), "");
    }
}
