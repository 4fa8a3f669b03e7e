//! Roles of controls as a screen reader tells them apart.

use egui::accesskit::Role;

/// Roles of things that are operated.
pub const OPERATED: [Role; 15] = [
    Role::Button,
    Role::CheckBox,
    Role::ColumnHeader,
    Role::ComboBox,
    Role::Link,
    Role::ListBoxOption,
    Role::MenuItem,
    Role::RadioButton,
    Role::SearchInput,
    Role::Slider,
    Role::SpinButton,
    Role::Switch,
    Role::Tab,
    Role::TextInput,
    Role::MultilineTextInput,
];

/// Roles of things that show what only a sentence can replace.
pub const SHOWN: [Role; 4] = [Role::Figure, Role::Grid, Role::Image, Role::Table];
