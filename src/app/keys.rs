//! Shortcuts → actions.

use egui::{Context, Key, KeyboardShortcut, Modifiers};

use crate::ui::{action::Action, command::Command};

/// Commands whose keys were pressed in this frame.
pub(super) fn pressed(ctx: &Context, no_notices: bool) -> Vec<Action> {
    let typing = ctx.text_edit_focused();
    let mut keyed: Vec<(KeyboardShortcut, Command)> = Command::ALL
        .into_iter()
        .filter_map(|command| Some((command.shortcut()?, command)))
        .filter(|(shortcut, command)| !(typing && belongs_to_text(*shortcut, *command)))
        .collect();
    // A plus sign without Shift is an equals sign on many keyboards.
    keyed.push((
        KeyboardShortcut::new(Modifiers::COMMAND, Key::Equals),
        Command::ZoomIn,
    ));
    // Ctrl+Shift+Z also matches Ctrl+Z: ask for the longer one first.
    keyed.sort_by_key(|(shortcut, _)| std::cmp::Reverse(held(shortcut.modifiers)));
    let _ = no_notices;
    ctx.input_mut(|input| {
        keyed
            .into_iter()
            .filter(|(shortcut, _)| input.consume_shortcut(shortcut))
            .map(|(_, command)| Action::Run(command))
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

/// Keys that mean something else while text is typed.
fn belongs_to_text(shortcut: KeyboardShortcut, command: Command) -> bool {
    let plain = !shortcut.modifiers.command;
    plain || matches!(command, Command::Undo | Command::Redo)
}

fn held(modifiers: Modifiers) -> u8 {
    u8::from(modifiers.alt) + u8::from(modifiers.shift) + u8::from(modifiers.command)
}
