//! Names of columns in English, German, French, Spanish, Portuguese, Dutch and Italian, folded
//! ([`crate::data::values::text::fold`]) and in order of preference within a role.

use crate::data::dataset::Role;

/// Exact names per role, best first.
pub const ROLES: [(Role, &[&str]); 7] = [
    (Role::Customer, CUSTOMER),
    (Role::Date, DATE),
    (Role::Amount, AMOUNT),
    (Role::UnitPrice, UNIT_PRICE),
    (Role::Quantity, QUANTITY),
    (Role::Order, ORDER),
    (Role::Status, STATUS),
];

#[rustfmt::skip]
const CUSTOMER: &[&str] = &[
    "customeruniqueid", "customerid", "customer", "customerno", "customernumber", "customernr", "customerkey", "customercode",
    "custid", "cust", "clientid", "client", "clientno", "userid", "user", "buyerid", "buyer", "shopperid", "memberid", "accountid",
    "personid", "householdid", "visitorid", "customeremail", "email", "emailaddress", "customername", "clientname",
    "kundennummer", "kundennr", "kundenid", "kundeid", "kundenr", "kunde", "kunden", "debitor", "debitornr", "besteller", "kaufer",
    "numeroclient", "numclient", "nclient", "noclient", "idclient", "codeclient", "refclient", "acheteur",
    "idcliente", "clienteid", "cliente", "codigocliente", "codcliente", "numerocliente", "numcliente", "nocliente", "iddelcliente", "comprador", "iddocliente",
    "klantnummer", "klantnr", "klantid", "klant", "klantcode", "codicecliente", "numeroclienti", "acquirente",
];

#[rustfmt::skip]
const DATE: &[&str] = &[
    "orderdate", "orderpurchasetimestamp", "purchasedate", "invoicedate", "transactiondate", "saledate", "salesdate", "orderdatetime",
    "ordertime", "ordertimestamp", "orderedat", "purchasedat", "purchasetimestamp", "txndate", "transdate", "dateoforder", "dateofpurchase",
    "createdat", "created", "creationdate", "datecreated", "date", "datetime", "timestamp", "day", "paidat", "processedat",
    "bestelldatum", "auftragsdatum", "kaufdatum", "rechnungsdatum", "verkaufsdatum", "umsatzdatum", "belegdatum", "buchungsdatum", "datum",
    "datecommande", "datedecommande", "datedelacommande", "dateachat", "datedachat", "datefacture", "datevente",
    "fechapedido", "fechadepedido", "fechadelpedido", "fechacompra", "fechadecompra", "fechafactura", "fechaventa", "fechaorden", "fecha",
    "datapedido", "datadopedido", "datacompra", "datadacompra", "datavenda", "datafatura",
    "besteldatum", "orderdatum", "aankoopdatum", "factuurdatum", "verkoopdatum",
    "dataordine", "datadellordine", "dataacquisto", "datafattura", "datavendita", "data",
];

#[rustfmt::skip]
const AMOUNT: &[&str] = &[
    "amount", "orderamount", "ordertotal", "totalamount", "linetotal", "lineamount", "total", "revenue", "netrevenue", "ordervalue", "sales", "salesamount",
    "netamount", "netsales", "grossamount", "totalprice", "totalsales", "totalspent", "totalvalue", "purchaseamount", "transactionamount", "invoiceamount", "paymentvalue",
    "saleprice", "spend", "spending", "spent", "turnover", "subtotal", "value", "dollars", "money", "amt", "paid", "amountpaid",
    "betrag", "gesamtbetrag", "bestellwert", "rechnungsbetrag", "nettobetrag", "bruttobetrag", "gesamtpreis", "gesamtsumme", "summe", "umsatz", "nettoumsatz", "warenwert", "gesamt",
    "montant", "montanttotal", "montantttc", "montantht", "totalttc", "totalht", "prixtotal", "chiffredaffaires", "ca",
    "importe", "importetotal", "monto", "montototal", "ventas", "ingresos", "preciototal", "totalpedido",
    "valor", "valortotal", "valorpago", "valordopedido", "valorpedido", "precototal", "receita", "montante",
    "bedrag", "totaalbedrag", "omzet", "totaal", "totaalprijs", "orderbedrag",
    "importo", "importototale", "totale", "totaleordine", "fatturato", "ricavo", "prezzototale",
];

#[rustfmt::skip]
const UNIT_PRICE: &[&str] = &[
    "unitprice", "priceperunit", "priceeach", "itemprice", "productprice", "price", "unitcost", "retailprice",
    "einzelpreis", "stuckpreis", "stueckpreis", "preis", "preisprostuck",
    "prixunitaire", "prix", "preciounitario", "precio", "precounitario", "preco",
    "stuksprijs", "eenheidsprijs", "prijs", "prezzounitario", "prezzo",
];

#[rustfmt::skip]
const QUANTITY: &[&str] = &[
    "quantity", "qty", "quantityordered", "orderquantity", "orderqty", "units", "unitssold", "numofitem", "numitems", "itemcount",
    "menge", "bestellmenge", "anzahl", "stuck", "stueck", "stuckzahl", "quantite", "qte", "cantidad", "cant", "quantidade", "qtd", "qtde",
    "aantal", "hoeveelheid", "quantita", "qta",
];

#[rustfmt::skip]
const ORDER: &[&str] = &[
    "orderid", "orderno", "ordernumber", "ordernr", "ordernum", "order", "invoiceno", "invoicenumber", "invoiceid", "invoice", "transactionid", "transactionno", "transaction",
    "txnid", "receiptid", "receiptno", "receipt", "basketid", "basket", "purchaseid", "checkoutid", "salesorder", "salesorderid",
    "bestellnummer", "bestellnr", "bestellid", "bestellung", "auftragsnummer", "auftragsnr", "auftrag", "rechnungsnummer", "rechnungsnr", "belegnummer", "belegnr", "bonnummer", "vorgang",
    "numerocommande", "numerodecommande", "numcommande", "ncommande", "nocommande", "idcommande", "commande", "numerofacture", "facture",
    "numeropedido", "numerodepedido", "numerodopedido", "npedido", "nopedido", "idpedido", "pedidoid", "iddelpedido", "pedido", "numerofactura", "factura", "orden", "idorden", "fatura",
    "ordernummer", "bestelnummer", "bestelnr", "bestelling", "factuurnummer", "factuur",
    "numeroordine", "nordine", "idordine", "ordine", "numerofattura", "fattura",
];

#[rustfmt::skip]
const STATUS: &[&str] = &[
    "status", "orderstatus", "orderstate", "linestatus", "itemstatus", "fulfillmentstatus", "financialstatus", "paymentstatus", "deliverystatus",
    "bestellstatus", "auftragsstatus", "statut", "statutcommande", "estadopedido", "estadodelpedido", "estadodopedido", "situacao", "situacaodopedido",
    "statuspedido", "statusdopedido", "statoordine", "stato", "orderstatusnaam",
];

/// Names of columns in which any value means that the line came back.
#[rustfmt::skip]
const RETURN_DATES: &[&str] = &[
    "returnedat", "returndate", "returneddate", "dateofreturn", "datereturned", "refundedat", "refunddate", "cancelledat", "canceledat", "cancellationdate",
    "retourdatum", "rucksendedatum", "rueckgabedatum", "ruckgabedatum", "stornodatum", "dateretour", "dateannulation", "fechadevolucion", "fechacancelacion",
    "datadevolucao", "datacancelamento", "annuleringsdatum", "datareso", "dataannullamento",
];

/// Parts of longer names that speak for a role (`shop_customer_ref`), weakest evidence.
const PARTS: [(Role, &[&str]); 6] = [
    (
        Role::Customer,
        &[
            "customerid",
            "customer",
            "kunden",
            "cliente",
            "klant",
            "clientid",
        ],
    ),
    (
        Role::Date,
        &[
            "orderdate",
            "purchase",
            "bestelldatum",
            "timestamp",
            "date",
            "datum",
            "fecha",
        ],
    ),
    (
        Role::Amount,
        &[
            "amount", "revenue", "total", "betrag", "umsatz", "montant", "importe", "valor",
            "bedrag", "importo",
        ],
    ),
    (Role::Quantity, &["quantity", "qty"]),
    (Role::UnitPrice, &["unitprice", "einzelpreis"]),
    (
        Role::Order,
        &[
            "orderid",
            "orderno",
            "ordernumber",
            "invoiceno",
            "bestellnummer",
            "bestellnr",
        ],
    ),
];

/// How a name speaks for a role; smaller is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Named {
    Exactly(usize),
    Partly(usize),
}

/// How well a folded name fits a role.
#[must_use]
pub fn rank(role: Role, folded: &str) -> Option<Named> {
    let exact = ROLES.iter().find(|(known, _)| *known == role)?.1;
    if let Some(at) = exact.iter().position(|name| *name == folded) {
        return Some(Named::Exactly(at));
    }
    // A name that exactly means another role does not partly mean this one.
    if ROLES.iter().any(|(_, names)| names.contains(&folded)) || is_return_date(folded) {
        return None;
    }
    let parts = PARTS.iter().find(|(known, _)| *known == role)?.1;
    parts
        .iter()
        .position(|part| folded.contains(part))
        .map(Named::Partly)
}

/// Whether a value in a column of this name means that the line came back.
#[must_use]
pub fn is_return_date(folded: &str) -> bool {
    RETURN_DATES.contains(&folded)
}

/// Whether a yes in a column of this name means that the order is only a test.
#[must_use]
pub fn is_test_flag(folded: &str) -> bool {
    let names = [
        "test",
        "istest",
        "testorder",
        "istestorder",
        "testmode",
        "testbestellung",
        "isdraft",
    ];
    names.contains(&folded)
}

/// Whether a column of this name says what each row is: a sale, a refund, a fee.
#[must_use]
pub fn is_kind_of_row(folded: &str) -> bool {
    let names = [
        "type",
        "transactiontype",
        "recordtype",
        "linetype",
        "rowtype",
        "entrytype",
        "documenttype",
        "kind",
        "transactionkind",
        "typ",
        "art",
        "belegart",
        "vorgangsart",
        "tipo",
    ];
    names.contains(&folded)
}

/// Whether whole numbers in a column of this name are codes to group by, not measurements.
#[must_use]
pub fn is_code(folded: &str) -> bool {
    let endings = [
        "id", "code", "sku", "no", "nr", "nummer", "number", "zip", "plz", "class", "segment",
    ];
    endings.iter().any(|ending| folded.ends_with(ending))
}

/// Words of a status that say a sale was not kept, folded.
#[rustfmt::skip]
pub const NOT_KEPT: &[&str] = &[
    "cancelled", "canceled", "cancel", "cancelado", "cancelada", "canceledbycustomer", "cancelledbycustomer", "returned", "return", "refunded", "refund", "fullyrefunded", "unavailable", "voided", "void", "chargeback",
    "storniert", "storno", "abgebrochen", "zuruckgesendet", "retourniert", "retoure", "erstattet",
    "annule", "annulee", "rembourse", "remboursee", "retourne", "retournee", "retour",
    "anulado", "anulada", "devuelto", "devuelta", "reembolsado", "reembolsada", "devolvido", "devolvida", "estornado", "indisponivel",
    "geannuleerd", "geretourneerd", "terugbetaald", "annullato", "annullata", "reso", "restituito", "rimborsato",
];

/// Whether a status says that the sale was not kept.
#[must_use]
pub fn is_not_kept(status: &str) -> bool {
    NOT_KEPT.contains(&crate::data::values::text::fold(status).as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_folded_and_mean_one_thing() {
        let mut seen = std::collections::BTreeMap::new();
        for (role, names) in ROLES {
            for name in names {
                assert_eq!(crate::data::values::text::fold(name), *name);
                if let Some(other) = seen.insert(*name, role) {
                    panic!("`{name}` means {other:?} and {role:?}");
                }
            }
        }
    }

    #[test]
    fn words_for_not_kept() {
        assert!(is_not_kept("Cancelled"));
        assert!(is_not_kept("CANCELED"));
        assert!(is_not_kept("zurückgesendet"));
        assert!(!is_not_kept("complete"));
        assert!(!is_not_kept("partially refunded"));
    }
}
