//! Status words, folded; several words of one status are written together, as folding leaves them.

use super::Standing::{self, InProgress, NotKept, PartlyRefunded, Refunded, Sale, Unpaid};

/// Words of one standing, divided by blanks: first those of programs and services, then by language.
#[rustfmt::skip]
pub const ROWS: &[(Standing, &str)] = &[
    // Shopify, WooCommerce, Magento, PrestaShop, Amazon, eBay, Etsy, PayPal, Stripe, Square, Olist.
    (Sale, "partiallypaid partlypaid partialpayment complete completed delivered paid paidinfull fullypaid succeeded success successful fulfilled fulfillment closed captured settled collected received pickedup shippedpickedup shippeddeliveredtobuyer paymentaccepted paymentreceived remotepaymentaccepted approved accepted done finished finalized finalised sold purchased won deposited available cleared credited purchase sale valid booked partiallypaidout paidout deliveredtocustomer"),
    (InProgress, "processing inprocess inprogress shipped unshipped partiallyshipped partlyshipped shipping intransit transit dispatched outfordelivery packed packing picking picked preparing preparation preparationinprogress processinginprogress readyforpickup readyforcollection readytoship awaitingshipment awaitingfulfillment awaitingfulfilment awaitingpickup invoiced confirmed partiallyfulfilled partial unfulfilled partlyfulfilled scheduled open new ordered placed backordered onbackorder onbackorderpaid backorder labelprinted manifested shippedoutfordelivery shippedintransit sent printed partiallydelivered partiallycompleted inproduction manual requested inventory allocated assigned handling verified notshipped notdelivered stocked preordered preorder inspection waitingforpickup pickup"),
    (NotKept, "cancelled canceled cancel cancellation canceledbycustomer cancelledbycustomer cancelledbybuyer canceledbybuyer canceledbyseller cancelledbyseller returned return returning returnedtosender returnedtoseller shippedreturnedtoseller shippedreturningtoseller shippedrejectedbybuyer shippedlostintransit shippeddamaged returntosender rejected rejectedbybuyer unavailable void voided chargeback chargedback chargebacked reversed reversal disputed fraud fraudulent paypalreversed paypalcanceledreversal trash trashed deleted removed test testorder lost notkept undelivered undeliverable refused aborted merged denied canceledreversal paymentvoided archivedcancelled damaged blocked spam restocked failed failure fail error paymenterror paymentfailed declined paymentdeclined draft autodraft checkoutdraft abandoned abandonedcheckout processingfailed incheckout cart"),
    (Refunded, "refunded refund fullyrefunded refundedinfull fullrefund moneyback reimbursed refundissued amountrefunded credit creditmemo"),
    (PartlyRefunded, "partiallyrefunded partlyrefunded partialrefund partialrefunded partrefunded partiallyreturned partialreturn partlyreturned partiallycancelled partiallycanceled"),
    (Unpaid, "suspectedfraud pending pendingpayment awaitingpayment awaitingconfirmation waiting waitingforpayment onhold hold holded held paymentreview review inreview fraudreview manualverificationrequired incomplete unpaid notpaid authorized authorised partiallyauthorized uncaptured requirespaymentmethod requiresaction requiresconfirmation requirescapture expired overdue pastdue awaitingbankwirepayment awaitingbankwire awaitingcheckpayment awaitingchequepayment awaitingcashondeliveryvalidation awaitingpaypalpayment created pendingfulfillment pendingavailability paymentpending pendingpaypal pendingogone notcaptured inactive proposed quote quotation reserved insufficient bankwire outstanding initiated started"),
    // German.
    (Sale, "abgeschlossen bezahlt komplett erledigt geliefert zugestellt vollstandig beglichen fertig vollstandigbezahlt komplettbezahlt komplettabgeschlossen zahlungeingegangen ausgeliefert komplettausgeliefert zahlungerhalten verkauft"),
    (InProgress, "inbearbeitung bearbeitung versandt versendet verschickt unterwegs verpackt inzustellung versandfertig kommissioniert teilweiseversandt teilweisegeliefert teilversandt bereitzurabholung inlieferung bestatigt neu zurlieferungbereit berechnet fakturiert"),
    (NotKept, "storniert storno abgebrochen zuruckgesendet zuruckgeschickt retourniert retoure abgelehnt annulliert geloscht zuruckgegeben zurueckgesendet ruckgabe testbestellung widerrufen betrug abgelehntvomkunden fehlgeschlagen entwurf zahlungsausfall"),
    (Refunded, "erstattet ruckerstattet zuruckerstattet gutgeschrieben rueckerstattet gutschrift"),
    (PartlyRefunded, "teilweiseerstattet teilerstattet teilweiseruckerstattet teilretoure teilweiseretourniert"),
    (Unpaid, "offen ausstehend wartend unbezahlt inwartestellung zahlungausstehend wartetaufzahlung angemahnt gemahnt mahnung teilweisebezahlt reserviert zuruckgestellt klarungnotwendig"),
    // French.
    (Sale, "paye payee termine terminee livre livree complet paiementaccepte paiementaccepteadistance regle reglee acceptee accepte cloture cloturee finalise reussi"),
    (InProgress, "encours encoursdepreparation encoursdelivraison encoursdetraitement expedie expediee partiellementexpediee envoye envoyee entraitement confirme confirmee enreapprovisionnement enpreparation validee valide nouveau nouvelle facturee prete"),
    (NotKept, "annule annulee retourne retournee retour rejete rejetee supprime refuse refusee perdue litige echoue echouee echec erreurdepaiement brouillon abandonne abandonnee"),
    (Refunded, "rembourse remboursee remboursement"),
    (PartlyRefunded, "partiellementrembourse partiellementremboursee remboursementpartiel"),
    (Unpaid, "enattente enattentedepaiement enattentedupaiement enattentedepaiementparcheque enattentedevirementbancaire enattenteduvirementbancaire attente impaye impayee nonpaye expiree ensuspens"),
    // Spanish.
    (Sale, "pagado pagada completado completada entregado entregada finalizado finalizada pagoaceptado cobrado cobrada vendido exitoso cerrado aprobado aprobada"),
    (InProgress, "procesando enproceso enviado enviada enpreparacion preparando enreparto entransito despachado confirmado confirmada facturado facturada preparacionenproceso encamino listopararecoger"),
    (NotKept, "anulado anulada cancelado cancelada devuelto devuelta devolucion rechazado rechazada eliminado noentregado fallido fallida borrador errorenpago abandonado"),
    (Refunded, "reembolsado reembolsada reintegrado reembolso"),
    (PartlyRefunded, "parcialmentereembolsado reembolsoparcial reembolsadoparcialmente"),
    (Unpaid, "pendiente pendientedepago enespera esperandopago impagado nopagado vencido porpagar"),
    // Portuguese.
    (Sale, "pago paga concluido concluida entregue pagamentoaprovado pagamentoaceite aprovado aprovada faturado quitado"),
    (InProgress, "processando emprocessamento emtransporte emtransito emseparacao empreparacao saiuparaentrega notafiscalemitida separado prontoparaenvio emandamento"),
    (NotKept, "devolvido devolvida indisponivel recusado recusada excluido naoentregue extraviado falhou falhado rascunho"),
    (Refunded, "estornado estornada estorno"),
    (PartlyRefunded, "parcialmentereembolsada parcialmentedevolvido"),
    (Unpaid, "pendente aguardandopagamento aguardando aguardandoconfirmacao emespera naopago pagamentopendente emaberto emanalise criado"),
    // Italian.
    (Sale, "pagato pagata completato completata consegnato consegnata pagamentoaccettato concluso conclusa evaso evasa saldato chiuso"),
    (InProgress, "inlavorazione inelaborazione spedito spedita inpreparazione preparazioneincorso inconsegna confermato confermata inspedizione elaborazione fatturato spedizioneincorso"),
    (NotKept, "annullato annullata reso restituito restituita rifiutato rifiutata cancellato annullamento fallito fallita bozza errorepagamento"),
    (Refunded, "rimborsato rimborsata rimborso stornato"),
    (PartlyRefunded, "parzialmenterimborsato rimborsoparziale rimborsatoparzialmente"),
    (Unpaid, "inattesa inattesadipagamento inattesadibonifico attesapagamento nonpagato insospeso scaduto"),
    // Dutch.
    (Sale, "betaald voltooid afgerond geleverd bezorgd voldaan gereed verkocht"),
    (InProgress, "inbehandeling verwerken verwerkt verzonden onderweg wordtverwerkt bevestigd ingepakt deelsverzonden gereedvoorverzending klaarvoorafhalen gefactureerd nieuw verstuurd"),
    (NotKept, "geannuleerd geretourneerd geweigerd verwijderd vervallen retourontvangen mislukt concept"),
    (Refunded, "terugbetaald gecrediteerd terugbetaling"),
    (PartlyRefunded, "gedeeltelijkterugbetaald deelsterugbetaald"),
    (Unpaid, "inafwachting wachtopbetaling wachtend wachtenopbetaling indewacht onbetaald nietbetaald openstaand afwachtendebetaling"),
    // Polish.
    (Sale, "zrealizowane zrealizowano zakonczone oplacone zaplacone dostarczone oplacono zaplacono zakonczono doreczone zrealizowany zakonczony"),
    (InProgress, "wrealizacji przetwarzane wyslane wyslano spakowane wtrakcie wtrakcierealizacji nowe przyjete potwierdzone wdrodze gotowedoodbioru przygotowane wyslany"),
    (NotKept, "anulowane anulowano anulowany zwrot zwrocone odrzucone usuniete nieudane szkic"),
    (Refunded, "zwrocono zwroconosrodki zwrotsrodkow zwrotpieniedzy"),
    (PartlyRefunded, "czesciowozwrocone czesciowyzwrot"),
    (Unpaid, "oczekujace oczekuje oczekujenaplatnosc oczekujenawplate nieoplacone wstrzymane niezaplacone oczekujaceplatnosci"),
    // Swedish.
    (Sale, "betald betalt slutford levererad klar avslutad genomford"),
    (InProgress, "behandlas skickad skickat packad delvisskickad underbehandling bekraftad paborjad"),
    (NotKept, "avbruten annullerad makulerad returnerad avbokad avvisad borttagen avbestalld misslyckad misslyckades utkast"),
    (Refunded, "aterbetald aterbetalad krediterad"),
    (PartlyRefunded, "delvisaterbetald"),
    (Unpaid, "vantar vantande vantarpabetalning obetald obetalt vilande pavanta"),
    // Danish and Norwegian.
    (Sale, "gennemfort fullfort leveret levert afsluttet avsluttet ferdig faerdig fuldfort"),
    (InProgress, "behandles sendt pakket bekreftet bekraeftet afsendt"),
    (NotKept, "annulleret kansellert annullert returneret returnert afvist slettet kanselert avbestilt mislykket mislykkedes kladde feilet"),
    (Refunded, "refunderet refundert tilbagebetalt tilbakebetalt krediteret kreditert"),
    (PartlyRefunded, "delvisrefunderet delvisrefundert"),
    (Unpaid, "afventer afventerbetaling venter venterpabetaling ubetalt paavent parvent"),
    // Finnish.
    (Sale, "maksettu valmis toimitettu suoritettu"),
    (InProgress, "kasittelyssa lahetetty pakattu vahvistettu osittaintoimitettu noudettavissa"),
    (NotKept, "peruttu peruutettu palautettu mitatoity hylatty epaonnistui luonnos"),
    (Refunded, "hyvitetty maksupalautettu rahatpalautettu"),
    (PartlyRefunded, "osittainhyvitetty osittainpalautettu"),
    (Unpaid, "odottaa odottaamaksua maksamatta pidossa avoin"),
    // Turkish.
    (Sale, "tamamlandi odendi teslimedildi onaylandi"),
    (InProgress, "hazirlaniyor kargoda kargolandi kargoyaverildi isleniyor gonderildi islemde siparisalindi"),
    (NotKept, "iptal iptaledildi iade reddedildi silindi basarisiz taslak"),
    (Refunded, "iadeedildi paraiadesi"),
    (PartlyRefunded, "kismiiade kismeniadeedildi"),
    (Unpaid, "beklemede odemebekleniyor odemebekliyor bekliyor onaybekliyor odenmedi"),
    // Russian.
    (Sale, "оплачен оплачено оплачена выполнен выполнено завершен завершено доставлен доставлено закрыт получен выдан"),
    (InProgress, "вобработке обработка отправлен отправлено впути собран комплектуется подтвержден принят новый вработе передан"),
    (NotKept, "отменен отменено отмена аннулирован возвращен отказ удален черновик ошибка ошибкаоплаты"),
    (Refunded, "возврат возвратсредств деньгивозвращены"),
    (PartlyRefunded, "частичныйвозврат частичновозвращен"),
    (Unpaid, "ожидает ожидаетоплаты ожидание неоплачен неоплачено отложен ожидаетподтверждения"),
    // Czech and Slovak.
    (Sale, "zaplaceno dokonceno vyrizeno doruceno zaplacena vyrizena uhrazeno dorucena zaplatene vybavena dorucene"),
    (InProgress, "zpracovavase odeslano odeslana vyrizujese expedovano zabaleno potvrzeno nova prijata spracovavasa odoslane pripravenokodberu"),
    (NotKept, "zruseno zrusena stornovano stornovana vraceno vracena zrusene"),
    (Refunded, "penizevraceny refundovano vracenopenize"),
    (PartlyRefunded, "castecnevraceno"),
    (Unpaid, "cekanaplatbu cekajicinaplatbu nezaplaceno cekase cekajici pozastaveno neuhrazeno"),
    // Hungarian.
    (Sale, "teljesitve teljesitett fizetve kifizetve lezarva kiszallitva befejezett atveve"),
    (InProgress, "feldolgozasalatt feldolgozas elkuldve szallitasalatt csomagolva visszaigazolva uj postazva"),
    (NotKept, "torolve lemondva visszakuldve visszavonva sztornozva torolt sikertelen piszkozat"),
    (Refunded, "visszateritve visszateritett"),
    (PartlyRefunded, "reszbenvisszateritve"),
    (Unpaid, "fizetesrevar fuggoben varakozik kifizetetlen varakozo"),
    // Romanian.
    (Sale, "finalizat finalizata livrat livrata platit platita finalizatacomanda incasat"),
    (InProgress, "inprocesare expediat expediata incurs inlivrare confirmat"),
    (NotKept, "anulat anulata returnat returnata anulatacomanda refuzat esuat ciorna"),
    (Refunded, "rambursat rambursata"),
    (PartlyRefunded, "rambursatpartial"),
    (Unpaid, "inasteptare asteaptaplata neplatit neplatita"),
    // Japanese and Chinese.
    (Sale, "完了 支払済 支払い済み 支払済み 配達済み 配達完了 決済完了 入金済み 入金済 已完成 已付款 已支付 交易成功 已签收 支付成功 完成 已收货"),
    (InProgress, "処理中 発送済み 発送済 出荷済 出荷済み 発送準備中 準備中 新規受付 已发货 处理中 待发货 运输中 已確認 已确认 待收货 已出库"),
    (NotKept, "キャンセル キャンセル済み キャンセル済 返品 返品済み 取消 已取消 交易关闭 已关闭 退货 已退货"),
    (Refunded, "返金済み 返金済 返金 已退款 退款 退款成功"),
    (PartlyRefunded, "一部返金 部分退款"),
    (Unpaid, "未払い 未入金 保留 保留中 支払い待ち 入金待ち 待付款 未付款 待支付 等待付款 未支付"),
];
