//! Real headers and what they speak of.

use super::*;

/// A header | what its head is first of all, what else it speaks of | the thing it identifies.
const HEADERS: &str = "
# The public sets that Keepers is tested with.
Id | Id | -
Date | Date | -
Price | Price | -
cust | Customer | Customer
date | Date | -
household_id | Id Customer | Customer
age | Person | -
income | Person | -
home_ownership | Person | -
household_size | Person | -
kids_count | Count Person | -
product_id | Id Product | Product
manufacturer_id | Id Seller | Seller
department | Category | -
brand | Category | -
product_category | Category Product | -
product_type | Category | -
store_id | Id Place | Place
basket_id | Id Order | Order
quantity | Quantity | -
sales_value | Amount Purchase | -
retail_disc | Discount | -
coupon_disc | Discount Coupon | -
coupon_match_disc | Discount Coupon | -
week | CalendarPart | -
transaction_timestamp | Date Order | -
master_id | Id | -
order_channel | Channel Order | -
last_order_channel | Channel FirstOrLast Order | -
first_order_date | Date FirstOrLast Order | -
last_order_date_online | Date FirstOrLast | -
order_num_total_ever_online | Count Order Lifetime | -
customer_value_total_ever_offline | Amount Customer Lifetime | -
Customer_ID | Id Customer | Customer
Transaction_ID | Id Order | Order
Purchase_Frequency | Lifetime Purchase | -
Average_Order_Value | Amount Summary Order | -
Most_Frequent_Category | Category Summary | -
Time_Between_Purchases | - Summary Clock | -
Churn_Probability | Rate Lifetime | -
Lifetime_Value | Amount Lifetime | -
Launch_Date | Date Launch | -
Peak_Sales_Date | Date Summary | -
Season | CalendarPart | -
order_item_refund_id | Id Refund Item Order | Refund
created_at | Date Created | -
order_item_id | Id Item Order | Item
refund_amount_usd | Amount Refund Currency | -
order_item_refund_date | Date Refund | -
is_primary_item | Item | Item
price_usd | Price Currency | -
cogs_usd | Cost Currency | -
order_item_time | Clock Order Item | -
website_session_id | Id Channel | -
user_id | Id Customer | Customer
primary_product_id | Id Product | Product
items_purchased | Quantity Item | -
order_time | Clock Order | -
customer_unique_id | Id Customer | Customer
customer_zip_code_prefix | Place Customer | -
customer_city | Place Customer | -
customer_state | Place Customer | -
seller_id | Id Seller | Seller
shipping_limit_date | Date Shipping Expiry | -
freight_value | Amount Shipping | -
payment_sequential | Payment | -
payment_type | Payment Category | -
payment_installments | Payment | -
payment_value | Amount Payment | -
order_status | Status Order | -
order_purchase_timestamp | Date Order Purchase | -
order_approved_at | Date Order | -
order_delivered_carrier_date | Date Delivery | -
order_estimated_delivery_date | Date Delivery | -
product_name_lenght | Measure Product Name | -
product_photos_qty | Quantity Measure | -
product_weight_g | Measure Product | -
customer_fname | Name Customer | -
customer_email | Email Customer | -
customer_street | Place Customer | -
customer_zipcode | Place Customer | -
order_item_order_id | Id Order Item | Order
order_item_product_id | Id Product Item | Product
order_item_quantity | Quantity Item | -
order_item_subtotal | Subtotal Item Amount | -
order_item_product_price | Price Product | -
order_customer_id | Id Customer Order | Customer
product_category_id | Id Product Category | -
product_image | Text Product | -
product | Product | Product
Cust_ID | Id Customer | Customer
Life_Total | Amount Lifetime | -
Avg_Order | Order Summary | -
first_total | Amount FirstOrLast | -
Orders | Order Count | -
Ship_Total | Amount Shipping | -
Refund_Total | Amount Refund | -
Total_Items | Item Count Amount | -
Avg_Items | Item Count Summary | -
first_order | Order FirstOrLast | -
last_order | Order FirstOrLast | -
Disc_Total | Amount Discount | -
Emp | Staff | -
lead_sku | Product Id | Product
inventory_item_id | Id Item | Item
status | Status | -
gender | Person | -
returned_at | Date Returned | -
shipped_at | Date Delivery | -
delivered_at | Date Delivery | -
num_of_item | Quantity Item | -
sale_price | Price Purchase | -
cost | Cost | -
retail_price | ListPrice Price | -
sku | Product Id | Product
distribution_center_id | Id Place | Place
first_name | Name | -
postal_code | Place | -
latitude | Place | -
traffic_source | Channel | -
user_geom | Place | -
source_id | Id Channel | -
dt | Date | -
costs | Cost | -
Buy Ts | Date Purchase | -
Revenue | Amount | -
Uid | Customer Id | Customer
InvoiceNo | Id Order | Order
Invoice | Order | Order
StockCode | Id Product | Product
Description | Text | -
InvoiceDate | Date Order | -
UnitPrice | Price Unit | -
CustomerID | Id Customer | Customer
Country | Place | -
transaction_date | Date Order | -
list_price | ListPrice Price | -
standard_cost | Cost | -
product_first_sold_date | Date Product FirstOrLast Purchase | -
past_3_years_bike_related_purchases | Purchase Count | -
DOB | Birth Date | -
job_industry_category | Category Person | -
tenure | Lifetime | -
online_order | Order | Order
# Shopify
Name | Name | -
Financial Status | Status | -
Paid at | Date Purchase Payment | -
Fulfillment Status | Status Delivery | -
Fulfilled at | Date Delivery | -
Accepts Marketing | Channel | -
Currency | Currency | -
Subtotal | Subtotal | -
Shipping | Shipping | -
Taxes | Tax | -
Total | Amount | -
Discount Code | Coupon | -
Discount Amount | Amount Discount | -
Shipping Method | Category Shipping | -
Created at | Date Created | -
Lineitem quantity | Quantity Line Item | -
Lineitem name | Name Line | -
Lineitem price | Price Line Item | -
Lineitem compare at price | ListPrice Price Line | -
Lineitem sku | Product Id Line | Product
Lineitem discount | Discount Line | -
Billing Name | Name | -
Billing Zip | Place | -
Shipping Zip | Place | -
Shipping Country | Place | -
Cancelled at | Date Cancelled | -
Payment Method | Payment Category | -
Refunded Amount | Amount Refund | -
Outstanding Balance | Balance | -
Vendor | Seller | -
Tags | Text | -
Phone | Phone | -
Receipt Number | Id Order | Order
Tax 1 Value | Amount Tax | -
Net sales | Amount Purchase | -
Gross sales | Amount Purchase | -
Total sales | Amount | -
Order name | Name Order | -
# WooCommerce
Order Number | Id Order | Order
Order ID | Id Order | Order
Order Date | Date Order | -
Order Total | Amount Order | -
Order Subtotal Amount | Amount Subtotal | -
Order Total Tax Amount | Amount Tax | -
Order Shipping Amount | Amount Shipping | -
Order Refund Amount | Amount Refund | -
Cart Discount Amount | Amount Discount | -
Coupon Code | Coupon | -
Customer User ID | Id Customer | Customer
Item Cost | Cost Item | -
Email (Billing) | Email | -
Items sold | Quantity | -
Date | Date | -
N. Revenue | Amount | -
date_created_gmt | Date Created | -
total_sales | Amount | -
num_items_sold | Quantity Item | -
returning_customer | Customer | Customer
_billing_email | Email | -
# Stripe
id | Id | -
Created (UTC) | - Created | -
Amount | Amount | -
Amount Refunded | Amount Refund | -
Converted Amount | Amount | -
Fee | Fee | -
Taxes On Fee | Tax | -
Mode | Category | -
Statement Descriptor | - | -
Customer Email | Email Customer | -
Captured | - Amount | -
Card ID | Id Payment | Payment
Invoice ID | Id Order | Order
PaymentIntent ID | Id Payment | Payment
Refunded date (UTC) | Date Refund | -
# Square
Time | Clock | -
Time Zone | Place Clock | -
Category | Category | -
Item | Item | Item
Qty | Quantity | -
Price Point Name | Name Price | -
SKU | Product Id | Product
Modifiers Applied | - | -
Net Sales | Amount | -
Tax | Tax | -
Payment ID | Id Payment | Payment
Device Name | Name Channel | -
Customer Reference ID | Id Customer | Customer
Total Collected | Amount | -
Tip | Tip | -
Gift Card Sales | Amount Coupon | -
# Etsy
Sale Date | Date Purchase | -
Buyer User ID | Id Customer | Customer
Full Name | Name | -
Number of Items | Quantity | -
Date Shipped | Date Delivery | -
Ship City | Place | -
Ship Zipcode | Place | -
Order Value | Amount Order | -
Coupon Details | Text Coupon | -
Shipping Discount | Discount Shipping | -
Sales Tax | Tax | -
Card Processing Fees | Fee | -
Order Net | - Order Amount | -
Adjusted Order Total | Amount Order | -
Buyer | Customer | Customer
Listing ID | Id Product | Product
Item Name | Name Item | -
Variations | - Product | -
Date Paid | Date Purchase | -
# Amazon
amazon-order-id | Id Order | Order
merchant-order-id | Id Order | Order
purchase-date | Date Purchase | -
last-updated-date | Date Updated | -
order-status | Status Order | -
fulfillment-channel | Channel Delivery | -
sales-channel | Channel | -
ship-service-level | - Shipping | -
product-name | Name Product | -
asin | Product Id | Product
item-price | Price Item | -
item-tax | Tax Item | -
shipping-price | Price Shipping | -
gift-wrap-price | Price | -
item-promotion-discount | Discount | -
quantity-purchased | Quantity Purchase | -
buyer-email | Email Customer | -
buyer-name | Name Customer | -
order-item-id | Id Item | Item
payments-date | Date Payment | -
earliest-ship-date | Date Delivery | -
promotion-ids | Id Discount | -
# eBay and PayPal
Sales Record Number | Id | -
Buyer Username | Name Customer | -
Item Number | Id Item | Item
Sold For | - Purchase | -
Total Price | Price Amount | -
Sale Date | Date Purchase | -
Paid On Date | Date | -
Post By Date | - | -
Shipped On Date | - Delivery | -
Gross | - Amount | -
Net | - Amount | -
TimeZone | Place Clock | -
From Email Address | Email | -
Shipping and Handling Amount | Amount Shipping Fee | -
Insurance Amount | Amount | -
Receipt ID | Id Order | Order
Balance | Balance | -
Balance Impact | Balance | -
# BigCommerce, Magento, PrestaShop, Shopware
Order Date | Date Order | -
Order Time | Clock Order | -
Subtotal (inc tax) | Subtotal | -
Order Total (ex tax) | Amount | -
Shipping Cost (inc tax) | Cost Shipping | -
Store Credit Redeemed | Place | -
Total Quantity | Quantity | -
Date Shipped | Date Delivery | -
increment_id | Id | -
grand_total | Amount | -
base_grand_total | Amount | -
total_refunded | Amount Refund | -
total_qty_ordered | Quantity Purchase | -
customer_is_guest | Customer | Customer
Purchase Date | Date Purchase | -
Grand Total (Purchased) | Amount | -
Bill-to Name | Name | -
entity_id | Id | -
id_order | Id Order | Order
id_customer | Id Customer | Customer
total_paid | Amount Payment | -
total_paid_tax_incl | Amount | -
total_products_wt | - Product | -
date_add | Date | -
current_state | Place | -
reference | Id | -
Total produits | Amount Product | -
orderNumber | Id Order | Order
orderId | Id Order | Order
orderItemID | Id Item Order | Item
invoiceAmount | Amount Order | -
invoiceAmountNet | Amount | -
invoiceShipping | Shipping | -
orderDateTime | Date Order | -
billingCountry | Place | -
customerGroup | Category Customer | -
customerIDs | Id Customer | Customer
stateMachineState | Place Status | -
# Folded, abbreviated and other English names
customerid | Id Customer | Customer
orderdate | Date Order | -
invoiceno | Id Order | Order
unitprice | Price Unit | -
totalamount | Amount | -
createdat | Date Created | -
customeruniqueid | Id Customer | Customer
transaction no | Id Order | Order
receipt_no | Id Order | Order
txn_dt | Date Order | -
trx_id | Id Order | Order
ord_no | Id Order | Order
inv_amt | Amount Order | -
ttl_amt | Amount | -
disc_amt | Amount Discount | -
ship_dt | Date Shipping Delivery | -
aov | Summary Amount | -
LTV_12m | Lifetime Amount | -
clv | Lifetime Amount | -
MSRP | ListPrice Price | -
Order # | Id Order | Order
# Orders | Count Order | -
Number of orders | Count Order | -
num_orders | Count Order | -
Date of order | Date Order | -
Date of Birth | Date Birth | -
Price per unit | Price Unit | -
Total incl. VAT | Amount Tax | -
Discount % | Rate Discount | -
VAT number | Id Tax | -
Tax rate | Rate Tax | -
Tracking number | Id Delivery | Delivery
Signup date | Date SignUp | -
Customer since | SignUp | -
Exchange rate | Rate | -
Profit margin | Margin | -
Salesperson | Staff | -
Recency | Lifetime | -
Member number | Id Customer | Customer
account_id | Id Customer | Customer
Loyalty card no | Id Payment Lifetime | Payment
OrderLineID | Id Line Item | Item
sale_id | Id Purchase | Order
purchase_id | Id Purchase | Order
SalesOrderID | Id Order | Order
DueDate | Date Delivery | -
ModifiedDate | Date Updated | -
SubTotal | Subtotal Amount | -
LineTotal | Amount Line | -
OrderQty | Quantity Order | -
TaxAmt | Amount Tax | -
# German
Kundennummer | Id Customer | Customer
Kunden-Nr. | Id Customer | Customer
KundenID | Id Customer | Customer
Kdnr | Customer Id | Customer
Kunde | Customer | Customer
Bestellnummer | Id Order | Order
Bestell-Nr. | Id Order | Order
Auftragsnummer | Id Order | Order
Rechnungsnr | Id Order | Order
Belegdatum | Date Order | -
Bestelldatum | Date Order | -
Rechnungsdatum | Date Order | -
Lieferdatum | Date Delivery | -
Geburtsdatum | Date Birth | -
Bestellt am | Date Purchase | -
Datum der Bestellung | Date Order | -
Betrag | Amount | -
Gesamtbetrag brutto | Amount | -
Umsatz netto | Amount | -
Umsätze | Amount | -
Einzelpreis | Price Unit | -
Stückpreis | Price Unit | -
Menge | Quantity | -
Artikelnummer | Id Product | Product
Artikelbezeichnung | Name Product | -
Versandkosten | Shipping | -
Zahlungsart | Category | -
Bestellstatus | Status | -
Währung | Currency | -
Rabatt | Discount | -
MwSt. | Tax | -
Gutscheincode | Coupon | -
Verkäufer | Seller | -
Erstellt am | Date Created | -
Letzte Bestellung | Order FirstOrLast | -
Durchschnittlicher Bestellwert | Amount Summary | -
Bestellpositionsnummer | Id Item Order | Item
# French
Numéro client | Id Customer | Customer
N° commande | Id Order | Order
Numéro de commande | Id Order | Order
Date de commande | Date Order | -
Date d'achat | Date Purchase | -
Date de livraison | Date Delivery | -
Date facture | Date Order | -
Montant TTC | Amount | -
Montant total | Amount | -
Ventes nettes | Amount Purchase | -
Chiffre d'affaires | Amount | -
Prix unitaire | Price Unit | -
Quantité | Quantity | -
Remise | Discount | -
Frais de port | Fee Shipping | -
Statut commande | Status Order | -
Statut paiement | Status Payment | -
Code client | Id Customer | Customer
Réf. client | Id Customer | Customer
Créée le | Date Created | -
Nombre d'articles | Count | -
Panier moyen | Order Summary | -
Moyen de paiement | Payment | -
# Spanish and Portuguese
ID cliente | Id Customer | Customer
cliente_id | Id Customer | Customer
Código de cliente | Id Customer | Customer
Nº pedido | Id Order | Order
Número de pedido | Id Order | Order
Fecha de pedido | Date Order | -
Fecha de compra | Date Purchase | -
Fecha factura | Date Order | -
Fecha de entrega | Date Delivery | -
Importe total | Amount | -
Precio unitario | Price Unit | -
Cantidad | Quantity | -
Nombre | Name | -
Estado del pedido | Status Order | -
Gastos de envío | Shipping | -
Descuento | Discount | -
Correo electrónico | Email | -
Fecha de nacimiento | Date Birth | -
data do pedido | Date Order | -
Data da compra | Date Purchase | -
valor total | Amount | -
valor pago | Amount Payment | -
Valor do frete | Amount Shipping | -
Código do cliente | Id Customer | Customer
Quantidade | Quantity | -
Situação do pedido | Status Order | -
Preço unitário | Price Unit | -
Desconto | Discount | -
# Italian and Romanian
Codice cliente | Id Customer | Customer
Numero ordine | Id Order | Order
Data ordine | Date Order | -
Data dell'ordine | Date Order | -
Importo totale | Amount | -
Prezzo unitario | Price Unit | -
Quantità | Quantity | -
Stato ordine | Status Order | -
Sconto | Discount | -
Data comenzii | Date Order | -
Număr comandă | Id Order | Order
Cod client | Id Customer | Customer
Cantitate | Quantity | -
Valoare totală | Amount | -
# Dutch, Swedish, Danish, Norwegian
Klantnummer | Id Customer | Customer
bestelnummer | Id Order | Order
Besteldatum | Date Order | -
Factuurdatum | Date Order | -
Totaalbedrag | Amount | -
Stuksprijs | Price Unit | -
Aantal | Quantity | -
Korting | Discount | -
Verzendkosten | Shipping | -
Leverdatum | Date Delivery | -
kundnr | Customer Id | Customer
Kundnummer | Id Customer | Customer
Ordernummer | Id Order | Order
Beställningsdatum | Date Order | -
Orderdatum | Date Order | -
Belopp | Amount | -
Antal | Quantity | -
Styckpris | Price Unit | -
Moms | Tax | -
Kundenummer | Id Customer | Customer
Ordrenummer | Id Order | Order
Ordredato | Date Order | -
Beløb | Amount | -
Beløp | Amount | -
Antall | Quantity | -
Stykpris | Price Unit | -
# Polish and Czech
Numer klienta | Id Customer | Customer
Numer zamówienia | Id Order | Order
Data zamówienia | Date Order | -
Data sprzedaży | Date Purchase | -
Kwota | Amount | -
Wartość brutto | Amount | -
Cena jednostkowa | Price Unit | -
Ilość | Quantity | -
Status zamówienia | Status Order | -
Číslo objednávky | Id Order | Order
Datum objednávky | Date Order | -
Číslo zákazníka | Id Customer | Customer
Celková částka | Amount | -
Množství | Quantity | -
Cena za jednotku | Price Unit | -
# Finnish, Hungarian, Turkish
asiakasnumero | Id Customer | Customer
Asiakastunnus | Id Customer | Customer
Tilausnumero | Id Order | Order
Tilauspäivämäärä | Date Order | -
Tilauspvm | Date Order | -
Yhteensä | Amount | -
Yksikköhinta | Price Unit | -
Määrä | Quantity | -
Vevő azonosító | Id Customer | Customer
Rendelésszám | Id Order | Order
Rendelés dátuma | Date Order | -
Végösszeg | Amount | -
Mennyiség | Quantity | -
Egységár | Price Unit | -
Müşteri No | Id Customer | Customer
Müşteri Numarası | Id Customer | Customer
Sipariş Tarihi | Date Order | -
Sipariş No | Id Order | Order
Fatura No | Id Order | Order
Tutar | Amount | -
Toplam Tutar | Amount | -
Birim Fiyat | Price Unit | -
Adet | Quantity | -
İndirim | Discount | -
# Russian and Greek
Номер заказа | Id Order | Order
Дата заказа | Date Order | -
Клиент | Customer | Customer
ID клиента | Id Customer | Customer
Код клиента | Id Customer | Customer
Сумма заказа | Amount Order | -
Итого | Amount | -
Цена за единицу | Price Unit | -
Количество | Quantity | -
Статус заказа | Status Order | -
Дата покупки | Date Purchase | -
Скидка | Discount | -
Αριθμός παραγγελίας | Id Order | Order
ΗΜΕΡΟΜΗΝΙΑ | Date | -
Πελάτης | Customer | Customer
Σύνολο | Amount | -
# Japanese and Chinese
注文番号 | Id Order | Order
注文日 | Date Order | -
注文日時 | Date Order | -
顧客ID | Id Customer | Customer
会員番号 | Id Customer | Customer
商品コード | Id Product | Product
商品名 | Name Product | -
金額 | Amount | -
合計金額 | Amount | -
単価 | Price Unit | -
数量 | Quantity | -
订单编号 | Id Order | Order
订单号 | Id Order | Order
下单时间 | Date Purchase | -
订单日期 | Date Order | -
客户编号 | Id Customer | Customer
客户ID | Id Customer | Customer
订单金额 | Amount Order | -
实付金额 | Amount Payment | -
单价 | Price Unit | -
数量 | Quantity | -
总金额（元） | Amount | -
订单状态 | Status Order | -
";

fn name(concept: Option<Concept>) -> String {
    concept.map_or_else(|| "-".to_owned(), |concept| format!("{concept:?}"))
}

/// What is wrong with what a line of [`HEADERS`] says, if anything.
fn contradiction(line: &str) -> Option<String> {
    let fields: Vec<&str> = line.rsplitn(3, '|').map(str::trim).collect();
    let [of, concepts, header] = fields[..] else {
        return Some(format!("not three fields: {line}"));
    };
    let spoken = spoken(header);
    let mut wanted = concepts.split(' ');
    let head = wanted.next().unwrap_or("-");
    let has = |wanted: &str| {
        spoken
            .concepts
            .iter()
            .any(|has| format!("{has:?}") == wanted)
    };
    let right = (head == "-" || name(spoken.head.first().copied()) == head)
        && wanted.all(has)
        && name(spoken.of_id) == of;
    (!right).then(|| format!("{line}  got {spoken:?} of {:?}", words(header)))
}

#[test]
fn real_headers_are_understood() {
    let lines: Vec<&str> = HEADERS.lines().filter(|line| line.contains('|')).collect();
    assert!(lines.len() >= 250, "{} headers", lines.len());
    let wrong: Vec<String> = lines
        .iter()
        .filter_map(|line| contradiction(line))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn names_are_cut_into_words() {
    for (name, expected) in [
        ("orderItemID", "order item id"),
        ("customerIDs", "customer ids"),
        ("IDNumber", "id number"),
        ("Buy Ts", "buy ts"),
        ("price_usd", "price usd"),
        ("Prix d'achat (€)", "prix d achat"),
        ("LTV_12m", "ltv 12m"),
        ("address2", "address 2"),
        ("1st order", "1st order"),
        ("2024Orders", "2024 orders"),
        ("B2B", "b2b"),
        ("N° commande", "no commande"),
        ("№ заказа", "no заказа"),
        ("Order #", "order #"),
        ("Größe", "grosse"),
        ("Beställningsdatum", "bestallningsdatum"),
        ("Fac\u{327}ade", "facade"),
        ("İndirim", "indirim"),
        ("顧客ID", "顧客 id"),
        ("ＩＤ", "id"),
        ("", ""),
        (" -- ", ""),
    ] {
        assert_eq!(words(name).join(" "), expected, "{name}");
    }
}

#[test]
fn tables_hold_folded_words() {
    for (_, rows) in TABLES {
        for (_, _, list) in rows {
            for word in list.split(' ') {
                assert_eq!(words(word), [word], "in `{list}`");
            }
        }
    }
    for (_, _, list) in PHRASES {
        for phrase in list.split('|') {
            assert_eq!(words(phrase).join(" "), phrase);
            assert!(phrase.split(' ').count() <= LONGEST_PHRASE);
        }
    }
}

#[test]
fn unknown_words_are_counted() {
    assert_eq!(spoken("xyzzy plugh").unknown, 2);
    assert_eq!(spoken("customer of the shop 7").unknown, 0);
    assert_eq!(spoken("").concepts, []);
    assert_eq!(spoken("statement notes_x").head, [Concept::Text]);
}

proptest::proptest! {
    #[test]
    fn any_name_is_read(name in ".{0,40}") {
        let spoken = spoken(&name);
        assert!(spoken.head.iter().all(|concept| spoken.has(*concept)));
        assert!(words(&name).iter().all(|word| !word.is_empty()));
    }
}
