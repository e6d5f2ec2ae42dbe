//! The names that a Typst template takes from its dataset, as far as they can be read
//! off its source.
//!
//! Only what is certain is read: a file that says `#let data = json("/data.json")` once,
//! and binds the name `data` nowhere else, asks for `a.b` where it says `data.a.b` or
//! `data.at("a").b`.

use typst::syntax::ast::{self, Expr};
use typst::syntax::{SyntaxKind, SyntaxNode, parse};

/// A path of names, and where it is written.
#[derive(Debug, Clone, Eq, PartialEq)]
pub struct Asked {
    /// The names.
    pub path: Vec<String>,
    /// The byte it is written at.
    pub at: usize,
}

/// The fields of the dataset that a source asks for, in order.
pub fn asked(source: &str) -> Vec<Asked> {
    let root = parse(source);
    let mut roots = Vec::new();
    bound_to_data(&root, &mut roots);
    let [name] = &roots[..] else { return Vec::new() };
    let mut bindings = 0;
    count_bindings(&root, name, &mut bindings);
    if bindings != 1 {
        return Vec::new();
    }
    let mut found = Vec::new();
    walk(&root, name, 0, &mut found);
    found
}

/// The names that are given the dataset: `let NAME = json("/data.json")`.
fn bound_to_data(node: &SyntaxNode, names: &mut Vec<String>) {
    if let Some(binding) = node.cast::<ast::LetBinding>() {
        let is_data =
            matches!(binding.init(), Some(Expr::FuncCall(call)) if reads_data(call));
        if let (true, ast::LetBindingKind::Normal(pattern)) = (is_data, binding.kind()) {
            names.extend(pattern.bindings().iter().map(|ident| ident.get().to_string()));
        }
    }
    node.children().for_each(|child| bound_to_data(child, names));
}

fn reads_data(call: ast::FuncCall<'_>) -> bool {
    let is_json = matches!(call.callee(), Expr::Ident(ident) if ident.get() == "json");
    let of_data = call.args().items().any(
        |arg| matches!(arg, ast::Arg::Pos(Expr::Str(path)) if path.get() == "/data.json"),
    );
    is_json && of_data
}

/// How often a name is bound: by `let`, as a parameter, in a loop, by an import.
fn count_bindings(node: &SyntaxNode, name: &str, count: &mut usize) {
    let same = |ident: &ast::Ident<'_>| ident.get() == name;
    if let Some(binding) = node.cast::<ast::LetBinding>() {
        *count += binding.kind().bindings().iter().filter(|ident| same(ident)).count();
    } else if let Some(parameters) = node.cast::<ast::Params>() {
        for parameter in parameters.children() {
            *count += match parameter {
                ast::Param::Pos(pattern) => {
                    pattern.bindings().iter().filter(|ident| same(ident)).count()
                }
                ast::Param::Named(named) => usize::from(same(&named.name())),
                ast::Param::Spread(_) => 0,
            };
        }
    } else if let Some(each) = node.cast::<ast::ForLoop>() {
        *count += each.pattern().bindings().iter().filter(|ident| same(ident)).count();
    } else if node.kind() == SyntaxKind::DestructAssignment {
        let is_it = |child: &SyntaxNode| {
            child.cast::<ast::Ident>().is_some_and(|ident| same(&ident))
        };
        *count += usize::from(node.children().any(is_it));
    }
    node.children().for_each(|child| count_bindings(child, name, count));
}

fn walk(node: &SyntaxNode, name: &str, at: usize, found: &mut Vec<Asked>) {
    let path = node.cast::<Expr>().and_then(|expr| chain(expr, name));
    found.extend(path.filter(|path| !path.is_empty()).map(|path| Asked { path, at }));
    // Arguments inside, as those of `at`, may ask for more.
    let mut start = at;
    for child in node.children() {
        walk(child, name, start, found);
        start += child.len();
    }
}

/// The names of a chain of fields that begins with the dataset's; methods end it.
fn chain(expr: Expr<'_>, name: &str) -> Option<Vec<String>> {
    match expr {
        Expr::Ident(ident) => (ident.get() == name).then(Vec::new),
        Expr::Parenthesized(inner) => chain(inner.expr(), name),
        Expr::FieldAccess(access) => {
            let mut path = chain(access.target(), name)?;
            path.push(access.field().get().to_string());
            Some(path)
        }
        Expr::FuncCall(call) => match call.callee() {
            Expr::FieldAccess(access) if access.field().get() == "at" => {
                let mut path = chain(access.target(), name)?;
                let first = call.args().items().next();
                let Some(ast::Arg::Pos(Expr::Str(key))) = first else { return None };
                path.push(key.get().to_string());
                Some(path)
            }
            _ => None,
        },
        _ => None,
    }
}

/// Names that values have themselves, whatever the data: methods and fields of types.
pub const METHODS: &[&str] = &[
    "len",
    "first",
    "last",
    "at",
    "keys",
    "values",
    "pairs",
    "insert",
    "remove",
    "map",
    "filter",
    "fold",
    "sum",
    "join",
    "sorted",
    "rev",
    "zip",
    "enumerate",
    "any",
    "all",
    "find",
    "position",
    "contains",
    "slice",
    "push",
    "pop",
    "flatten",
    "dedup",
    "chunks",
    "windows",
    "split",
    "trim",
    "replace",
    "match",
    "matches",
    "starts-with",
    "ends-with",
    "clusters",
    "codepoints",
    "to-dict",
    "flat-map",
    "intersperse",
    "product",
    "reduce",
    "to-unicode",
    "items",
    "get",
    "count",
    "index",
    "update",
    "copy",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(source: &str) -> Vec<String> {
        asked(source).iter().map(|asked| asked.path.join(".")).collect()
    }

    #[test]
    fn chains_are_read() {
        let source = "#let data = json(\"/data.json\")\n#data.a.b #data.at(\"c\", default: none).d\n\
            #for x in data.e [#x.f]";
        let found = paths(source);
        for path in ["a.b", "a", "c.d", "c", "e"] {
            assert!(found.contains(&path.to_owned()), "{path}: {found:?}");
        }
        assert!(!found.iter().any(|path| path.contains('f')));
    }

    #[test]
    fn what_is_not_certain_is_not_read() {
        assert_eq!(
            paths("#let d = json(\"/data.json\")\n#let f(d) = d.x\n#d.y").len(),
            0
        );
        assert_eq!(paths("#let d = (a: 1)\n#d.b").len(), 0);
    }
}
