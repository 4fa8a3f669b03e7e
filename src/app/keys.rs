//! Shortcuts → actions.

use egui::{Context, Key, KeyboardShortcut, Modifiers};

use ui::{action::Action, command::Command};

/// Commands whose keys were pressed in this frame, as often as they were. While a question stands in front
/// of the window (`asking`), what is behind it is not to be changed.
pub(super) fn pressed(ctx: &Context, asking: bool) -> Vec<Action> {
    let typing = ctx.text_edit_focused();
    let mut keyed: Vec<(KeyboardShortcut, Command)> = Command::ALL
        .into_iter()
        .filter_map(|command| Some((command.shortcut()?, command)))
        .filter(|(shortcut, command)| !(typing && belongs_to_text(*shortcut, *command)))
        .filter(|(_, command)| !asking || only_looks(*command))
        .collect();
    // A plus sign without Shift is an equals sign on many keyboards.
    keyed.push((
        KeyboardShortcut::new(Modifiers::COMMAND, Key::Equals),
        Command::ZoomIn,
    ));
    // Ctrl+Shift+Z also matches Ctrl+Z: ask for the longer one first.
    keyed.sort_by_key(|(shortcut, _)| std::cmp::Reverse(held(shortcut.modifiers)));
    ctx.input_mut(|input| {
        keyed
            .into_iter()
            .flat_map(|(shortcut, command)| {
                // Every press counts: two within one slow frame are two steps of the date.
                let times = input.count_and_consume_key(shortcut.modifiers, shortcut.logical_key);
                std::iter::repeat_n(Action::Run(command), times)
            })
            .collect()
    })
}

/// Whether something is being moved: a pointer or an arrow key is held down. Everything that happens
/// until it is let go is one step of the history.
pub(super) fn holding(ctx: &Context) -> bool {
    const ARROWS: [Key; 4] = [
        Key::ArrowLeft,
        Key::ArrowRight,
        Key::ArrowUp,
        Key::ArrowDown,
    ];
    ctx.input(|input| {
        input.pointer.any_down() || ARROWS.iter().any(|key| input.keys_down.contains(key))
    })
}

/// Commands that change nothing a question could be about.
fn only_looks(command: Command) -> bool {
    matches!(
        command,
        Command::ZoomIn | Command::ZoomOut | Command::ZoomReset | Command::ToggleTheme
    )
}

/// Keys that mean something else while text is typed.
fn belongs_to_text(shortcut: KeyboardShortcut, command: Command) -> bool {
    // No text has an F1 in it.
    let plain = !shortcut.modifiers.command && command != Command::Manual;
    plain || matches!(command, Command::Undo | Command::Redo)
}

fn held(modifiers: Modifiers) -> u8 {
    u8::from(modifiers.alt) + u8::from(modifiers.shift) + u8::from(modifiers.command)
}
