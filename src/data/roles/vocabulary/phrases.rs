//! Words that mean something only together, and words that only bind others.

#![allow(clippy::enum_glob_use, reason = "tables of words read better so")]

use super::{Concept::*, Row, Speech::*};

/// Words that together speak of something else than each alone, divided by `|`.
#[rustfmt::skip]
pub const PHRASES: &[Row] = &[
    (Noun, &[Email], "e mail|email address|mail address|e post|e posta|adres e mail"),
    (Noun, &[Phone], "phone number|telephone number|mobile number|phone no|telefon nr"),
    (Noun, &[Name], "first name|last name|given name|family name|full name|display name|user name|middle name|ad soyad|raison sociale"),
    (Noun, &[Place], "zip code|postal code|post code|area code|country code|region code|state code|province code|city code|street number|house number|code postal|codigo postal|kod pocztowy|posta kodu|zip postal code"),
    (Noun, &[ListPrice, Price], "compare at price|compare at|list price|retail price|regular price|original price|standard price|catalog price|recommended price|market price|full price|tag price"),
    (Noun, &[Cost], "standard cost|purchase price|buying price|buy price|prix d achat|prix achat|precio de compra|precio compra|preco de compra|preco compra|preco custo|preco de custo|precio costo|prezzo d acquisto|prezzo acquisto|alis fiyati"),
    (Noun, &[Quantity, Item], "items purchased|items sold|units sold|units purchased|pieces sold|items ordered|number of items|num of item|num of items|no of items"),
    (Noun, &[Payment], "credit card|debit card"),
    (Noun, &[Coupon], "gift card|discount code|promo code|promotion code|coupon code|voucher code|code promo|code promotionnel|codigo de descuento|codigo descuento"),
    (Noun, &[Payment, Category], "moyen de paiement|payment method|payment type|mode de paiement"),
    (Noun, &[Person], "household size|household income|marital status|job title|job industry|home ownership|family size|household comp|wealth segment"),
    (Noun, &[Text], "gift recipient|gift sender|gift message|gift note"),
    (Noun, &[SignUp], "sign up|member since|customer since|opt in"),
    (Noun, &[Delivery], "drop off|pick up|lead time"),
    (Noun, &[Date], "time stamp|date time"),
    (Noun, &[Place, Clock], "time zone"),
    (Adjective, &[Customer], "bill to|sold to"),
    (Adjective, &[Shipping, Delivery], "ship to"),
    (Noun, &[Shipping], "gastos de envio|gastos envio"),
    (Noun, &[Tax], "mw st|u st"),
    (Adjective, &[Tax], "tax incl|tax excl|tax included|tax excluded|vat incl|vat excl"),
    (Noun, &[Order], "check out|bon de commande|nota fiscal|cupom fiscal|shopping cart"),
    (Noun, &[Subtotal, Amount], "sub total|sous total|suma parcial"),
    (Noun, &[Line, Item], "line item|order line|invoice line"),
    (Noun, &[Count], "nombre de commandes|nombre d articles|nombre de produits|nombre d achats|nombre commandes|nombre articles|num total|number total"),
    (Noun, &[Amount], "i alt|chiffre d affaires"),
    (Noun, &[Currency], "para birimi"),
];

/// Words that bind a noun to the one before it.
#[rustfmt::skip]
pub const LINKS: &str = "of de du des d da do dos das di del della dell dello dei degli delle der dem van von vom av af per by for from fur fuer pour para por in inc incl excl inkl exkl inclusive exclusive including excluding ex with without mit ohne avec sans con sin com sem za z w od ot to po na au aux al alla via at on pro от за на по в к с до из για";

/// Words that say nothing here.
#[rustfmt::skip]
pub const FILLERS: &str = "the a an la le les el los las il lo l den det die das s my your our is has was and und et y e en och og ja i u o or oder ou im zum zur unique main primary internal external own global local new old и или の ご お 的 元 円 unnamed";
