//! The families that a template names must be among the fonts of the run.

use crate::diag::Diagnostic;
use crate::pdf::Fonts;
use crate::project::Package;
use crate::text;

/// One warning for each family of `[fonts]` in `template.toml` that is missing:
/// Typst would take another face for it.
pub fn missing_families(package: &Package, fonts: &Fonts) -> Vec<Diagnostic> {
    let recipe = &package.recipe;
    let missing = recipe.fonts.iter().filter(|(_, family)| !fonts.has_family(family));
    let warn = |(role, family): (&String, &String)| {
        let name = &recipe.name;
        Diagnostic::warning(
            "template/missing-font",
            text!(
                "模板 `{name}` 的 {role} 字体 `{family}` 没有找到",
                "the font `{family}` ({role}) of the template `{name}` is not there"
            ),
        )
        .hint(text!(
            "用 `huikan fonts` 看有哪些字体，用 `--fonts 文件夹` 加上这一款",
            "list the fonts with `huikan fonts`, add this one with `--fonts FOLDER`"
        ))
    };
    missing.map(warn).collect()
}
