//! Names of columns and statuses as people of many languages write them.

use super::{plan::Words, shop::Fate};
use crate::random::Rng;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Order,
    Date,
    Customer,
    Mail,
    Product,
    ProductId,
    Quantity,
    UnitPrice,
    Amount,
    Total,
    Refund,
    RefundDate,
    Status,
    Currency,
    Paid,
    Method,
    Name,
    City,
    SignUp,
    Birth,
    Category,
    ListPrice,
    Cost,
    Launch,
    // Noise.
    Tax,
    Discount,
    Delivery,
    Margin,
    RowNumber,
    InternalId,
    Latitude,
    Longitude,
}

/// English names first, short ones, then those of German, French, Spanish, Portuguese, Dutch, Italian.
struct Names {
    english: &'static [&'static str],
    short: &'static str,
    others: [&'static str; 6],
}

/// The name of a column in these words.
pub(super) fn name(field: Field, words: Words, rng: &mut Rng) -> String {
    let names = names(field);
    let other = |at: usize| names.others[at].to_owned();
    match words {
        Words::English => spelled(names.english[0], rng),
        Words::Synonyms => spelled(names.english[rng.below(names.english.len())], rng),
        Words::Short => names.short.to_owned(),
        Words::German => other(0),
        Words::French => other(1),
        Words::Spanish => other(2),
        Words::Portuguese => other(3),
        Words::Dutch => other(4),
        Words::Italian => other(5),
    }
}

/// `order_date`, `Order Date`, `orderDate`, `ORDER_DATE`.
fn spelled(name: &str, rng: &mut Rng) -> String {
    let words = name.split('_');
    let capital = |word: &str| {
        let mut word = word.to_owned();
        if let Some(first) = word.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        word
    };
    match rng.below(4) {
        0 => name.to_owned(),
        1 => words.map(capital).collect::<Vec<_>>().join(" "),
        2 => {
            let camel: String = words.map(capital).collect();
            let mut camel = camel;
            camel[..1].make_ascii_lowercase();
            camel
        }
        _ => name.to_uppercase(),
    }
}

const fn all(
    english: &'static [&'static str],
    short: &'static str,
    others: [&'static str; 6],
) -> Names {
    Names {
        english,
        short,
        others,
    }
}

#[rustfmt::skip]
fn names(field: Field) -> Names {
    match field {
        Field::Order => all(&["order_id", "order_number", "invoice_no", "transaction_id", "order_ref"], "ord_no",
            ["Bestellnummer", "N° de commande", "Número de pedido", "Número do pedido", "Bestelnummer", "Numero ordine"]),
        Field::Date => all(&["order_date", "purchase_date", "invoice_date", "created_at", "transaction_date"], "ord_dt",
            ["Bestelldatum", "Date de commande", "Fecha de pedido", "Data do pedido", "Besteldatum", "Data ordine"]),
        Field::Customer => all(&["customer_id", "client_id", "user_id", "buyer_id", "customer_number"], "cust_id",
            ["Kundennummer", "N° client", "ID cliente", "ID do cliente", "Klantnummer", "Codice cliente"]),
        Field::Mail => all(&["email", "customer_email", "email_address"], "mail",
            ["E-Mail", "Adresse e-mail", "Correo electrónico", "E-mail", "E-mailadres", "Indirizzo e-mail"]),
        Field::Product => all(&["product", "item_name", "product_name", "description"], "prod",
            ["Artikel", "Produit", "Producto", "Produto", "Product", "Prodotto"]),
        Field::ProductId => all(&["product_id", "sku", "item_code"], "prod_id",
            ["Artikelnummer", "Référence produit", "ID producto", "ID do produto", "Artikelcode", "Codice prodotto"]),
        Field::Quantity => all(&["quantity", "qty", "units", "pieces"], "qty",
            ["Menge", "Quantité", "Cantidad", "Quantidade", "Aantal", "Quantità"]),
        Field::UnitPrice => all(&["unit_price", "price", "price_each", "item_price"], "unit_pr",
            ["Einzelpreis", "Prix unitaire", "Precio unitario", "Preço unitário", "Stukprijs", "Prezzo unitario"]),
        Field::Amount => all(&["amount", "line_total", "revenue", "sales", "net_sales"], "amt",
            ["Betrag", "Montant", "Importe", "Valor", "Bedrag", "Importo"]),
        Field::Total => all(&["order_total", "total", "grand_total", "order_value"], "ord_tot",
            ["Gesamtbetrag", "Total commande", "Total del pedido", "Valor do pedido", "Totaalbedrag", "Totale ordine"]),
        Field::Refund => all(&["refunded_amount", "refund", "amount_refunded"], "refund_amt",
            ["Erstattungsbetrag", "Montant remboursé", "Importe reembolsado", "Valor reembolsado", "Terugbetaald bedrag", "Importo rimborsato"]),
        Field::RefundDate => all(&["refund_date", "refunded_at"], "refund_dt",
            ["Erstattungsdatum", "Date de remboursement", "Fecha de reembolso", "Data do reembolso", "Terugbetaaldatum", "Data rimborso"]),
        Field::Status => all(&["status", "order_status", "state"], "stat",
            ["Status", "Statut", "Estado", "Situação", "Status", "Stato"]),
        Field::Currency => all(&["currency", "currency_code"], "curr",
            ["Währung", "Devise", "Moneda", "Moeda", "Valuta", "Valuta"]),
        Field::Paid => all(&["payment_amount", "amount_paid", "payment_value"], "paid_amt",
            ["Zahlbetrag", "Montant payé", "Importe pagado", "Valor pago", "Betaald bedrag", "Importo pagato"]),
        Field::Method => all(&["payment_method", "payment_type"], "pay_meth",
            ["Zahlungsart", "Mode de paiement", "Forma de pago", "Forma de pagamento", "Betaalmethode", "Metodo di pagamento"]),
        _ => names_beside(field),
    }
}

/// Names of columns that no sale is read from.
#[rustfmt::skip]
fn names_beside(field: Field) -> Names {
    match field {
        Field::Name => all(&["name", "customer_name"], "cust_name",
            ["Name", "Nom", "Nombre", "Nome", "Naam", "Nome"]),
        Field::City => all(&["city", "town"], "city",
            ["Ort", "Ville", "Ciudad", "Cidade", "Plaats", "Città"]),
        Field::SignUp => all(&["signup_date", "registered_at", "member_since"], "reg_dt",
            ["Registriert am", "Date d'inscription", "Fecha de registro", "Data de cadastro", "Registratiedatum", "Data registrazione"]),
        Field::Birth => all(&["birth_date", "date_of_birth", "birthday"], "dob",
            ["Geburtsdatum", "Date de naissance", "Fecha de nacimiento", "Data de nascimento", "Geboortedatum", "Data di nascita"]),
        Field::Category => all(&["category", "department"], "cat",
            ["Kategorie", "Catégorie", "Categoría", "Categoria", "Categorie", "Categoria"]),
        Field::ListPrice => all(&["list_price", "msrp", "standard_price"], "list_pr",
            ["Listenpreis", "Prix catalogue", "Precio de lista", "Preço de tabela", "Catalogusprijs", "Prezzo di listino"]),
        Field::Cost => all(&["cost", "cost_price", "cogs"], "cogs",
            ["Einkaufspreis", "Coût", "Costo", "Custo", "Kostprijs", "Costo"]),
        Field::Launch => all(&["product_launch_date", "release_date"], "launch_dt",
            ["Markteinführung", "Date de lancement", "Fecha de lanzamiento", "Data de lançamento", "Lanceringsdatum", "Data di lancio"]),
        Field::Tax => all(&["tax", "vat", "tax_amount"], "tax_amt",
            ["MwSt.", "TVA", "IVA", "Imposto", "BTW", "IVA"]),
        Field::Discount => all(&["discount", "coupon_amount", "discount_amount"], "disc",
            ["Rabatt", "Remise", "Descuento", "Desconto", "Korting", "Sconto"]),
        Field::Delivery => all(&["delivery_date", "shipped_at", "delivered_on"], "dlv_dt",
            ["Lieferdatum", "Date de livraison", "Fecha de entrega", "Data de entrega", "Leverdatum", "Data consegna"]),
        Field::Margin => all(&["margin", "profit", "gross_profit"], "margin",
            ["Marge", "Marge", "Margen", "Margem", "Marge", "Margine"]),
        Field::RowNumber => all(&["row_number", "line_no", "index"], "no",
            ["Lfd. Nr.", "Ligne", "Fila", "Linha", "Regel", "Riga"]),
        Field::InternalId => all(&["internal_id", "record_id", "uuid"], "rec_id",
            ["Interne ID", "Identifiant interne", "ID interno", "ID interno", "Interne ID", "ID interno"]),
        Field::Latitude => all(&["latitude", "lat"], "lat",
            ["Breitengrad", "Latitude", "Latitud", "Latitude", "Breedtegraad", "Latitudine"]),
        _ => all(&["longitude", "lng"], "lng",
            ["Längengrad", "Longitude", "Longitud", "Longitude", "Lengtegraad", "Longitudine"]),
    }
}

/// The word for what became of an order.
pub(super) fn status(fate: Fate, words: Words) -> &'static str {
    let at = match words {
        Words::English | Words::Synonyms | Words::Short => 0,
        Words::German => 1,
        Words::French => 2,
        Words::Spanish => 3,
        Words::Portuguese => 4,
        Words::Dutch => 5,
        Words::Italian => 6,
    };
    let names: [&str; 7] = match fate {
        Fate::Kept => [
            "Completed",
            "Abgeschlossen",
            "Terminée",
            "Completado",
            "Concluído",
            "Voltooid",
            "Completato",
        ],
        Fate::Cancelled => [
            "Cancelled",
            "Storniert",
            "Annulée",
            "Cancelado",
            "Cancelado",
            "Geannuleerd",
            "Annullato",
        ],
        Fate::Failed => [
            "Failed",
            "Fehlgeschlagen",
            "Échouée",
            "Fallido",
            "Falhou",
            "Mislukt",
            "Fallito",
        ],
        Fate::Pending => [
            "Pending",
            "Ausstehend",
            "En attente",
            "Pendiente",
            "Pendente",
            "In afwachting",
            "In attesa",
        ],
        Fate::Refunded => [
            "Refunded",
            "Erstattet",
            "Remboursée",
            "Reembolsado",
            "Reembolsado",
            "Terugbetaald",
            "Rimborsato",
        ],
    };
    names[at]
}

/// The word in front of a row of sums.
pub(super) fn total(words: Words) -> &'static str {
    match words {
        Words::English
        | Words::Synonyms
        | Words::Short
        | Words::French
        | Words::Spanish
        | Words::Portuguese => "Total",
        Words::German => "Summe",
        Words::Dutch => "Totaal",
        Words::Italian => "Totale",
    }
}
