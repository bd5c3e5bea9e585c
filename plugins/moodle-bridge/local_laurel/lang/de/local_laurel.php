<?php
// This file is part of Moodle - https://moodle.org/
//
// Moodle is free software: you can redistribute it and/or modify
// it under the terms of the GNU General Public License as published by
// the Free Software Foundation, either version 3 of the License, or
// (at your option) any later version.
//
// Moodle is distributed in the hope that it will be useful,
// but WITHOUT ANY WARRANTY; without even the implied warranty of
// MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the
// GNU General Public License for more details.
//
// You should have received a copy of the GNU General Public License
// along with Moodle.  If not, see <https://www.gnu.org/licenses/>.

/**
 * German.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();

$string['attempts'] = 'Versuche';
$string['award'] = 'Vergabe';
$string['backfill'] = 'Frühere Abschlüsse';
$string['backfill_about'] = 'Was Lernende abgeschlossen haben, bevor ein Kurs ausstellte, bleibt unberührt, bis Sie es hier melden. Jeder Abschluss wird einmal gemeldet, wie oft Sie es auch verlangen. Auf dem Server tut <code>php local/laurel/cli/backfill.php --help</code> dasselbe.';
$string['backfill_all'] = 'Alle {$a} melden';
$string['backfill_begin'] = 'Melden';
$string['backfill_begun'] = 'Frühere Abschlüsse werden gemeldet. Das läuft von selbst weiter; diese Seite zeigt, wie weit es ist.';
$string['backfill_nocourses'] = 'Noch stellt kein Kurs Microcredentials aus. Schalten Sie es in der Navigation des Kurses ein: Mehr > Einstellungen für Microcredentials.';
$string['backfill_underway'] = 'In Arbeit: {$a->done} von {$a->all}';
$string['bridgeurl'] = 'Adresse der Bridge';
$string['bridgeurl_desc'] = 'Wo Ihre Laurel-Installation ist, zum Beispiel <code>https://laurel.example.org</code>. Liegt sie in einem privaten Netz oder auf einem anderen Port als 443, erlauben Sie sie auch unter Website-Administration > Grundeinstellungen > Sicherheit > HTTP-Sicherheit.';
$string['bridgeurl_insecure'] = 'Dorthin werden Namen und E-Mail-Adressen gesendet: verwenden Sie https. Einfaches http wird nur für diesen Rechner und private Netze angenommen.';
$string['bridgeurl_invalid'] = 'Das ist keine Webadresse. Sie beginnt mit https:// und hat weder Benutzernamen noch Abfrage noch Fragment.';
$string['cachedef_catalogue'] = 'Die Angebote im Laurel-Katalog';
$string['cannotopen'] = 'Ihr Microcredential lässt sich gerade nicht öffnen. Bitte versuchen Sie es später wieder.';
$string['cataloguefailed'] = 'Der Katalog lässt sich nicht lesen. {$a}';
$string['change_completionrestored'] = 'Doch abgeschlossen';
$string['change_completionwithdrawn'] = 'Abschluss zurückgenommen';
$string['change_gradechanged'] = 'Bewertung gesenkt oder geändert';
$string['change_learnercorrected'] = 'Name oder Kennung berichtigt';
$string['change_learnerdeleted'] = 'Lernende Person gelöscht';
$string['change_learnerunenrolled'] = 'Lernende Person ausgetragen';
$string['checkclock'] = 'Laurel: Uhr dieses Servers';
$string['checkdeliveries'] = 'Laurel: Zustellungen an die Bridge';
$string['claim'] = 'Mein Microcredential anfordern';
$string['claimed'] = 'Danke. Ihr Microcredential wird vorbereitet; Sie erhalten eine Mitteilung, wenn es fertig ist.';
$string['claimed_withdrawn'] = 'Das gilt nicht mehr als abgeschlossen; darum gibt es dafür kein Microcredential.';
$string['clock_ahead'] = 'vor';
$string['clock_behind'] = 'nach';
$string['clock_off'] = 'Die Uhr dieses Servers geht gegenüber der Bridge {$a->seconds} Sekunden {$a->direction}. Ab 300 Sekunden nimmt die Bridge keine Signaturen an. Synchronisieren Sie sie (NTP).';
$string['clock_right'] = 'Die Uhr dieses Servers stimmt mit der der Bridge überein.';
$string['completed'] = 'Abgeschlossen';
$string['completedon'] = 'Abgeschlossen am {$a}';
$string['consent'] = 'Einverständnis der Lernenden';
$string['consent_atonce'] = 'Sofort ausstellen';
$string['consent_claim'] = 'Die Lernenden fordern es erst an';
$string['consent_help'] = 'Fordern die Lernenden es erst an, so erhalten sie eine Mitteilung und eine Schaltfläche auf der Kursseite; nichts über sie verlässt Moodle, bevor sie darauf klicken.';
$string['corrections'] = 'Änderungen seither';
$string['count'] = 'Anzahl';
$string['counts'] = '{$a->delivered} zugestellt, {$a->waiting} warten, {$a->attention} brauchen Aufmerksamkeit, {$a->unclaimed} noch nicht angefordert.';
$string['courses'] = 'Kurse';
$string['courses_desc'] = 'Welche Kurse Microcredentials ausstellen, soweit sie es nicht selbst sagen (jeder Kurs hat dafür eine Seite: Mehr > Einstellungen für Microcredentials): je Zeile ein Kurs, nach seiner <em>Kurs-ID</em>. Ist das auch die Kennung des Angebots im Katalog, genügt es; sonst schreiben Sie <code>Kurs-ID = Angebot</code>. Eine Zeile <code>*</code> nimmt jeden Kurs auf, dessen Kurs-ID die Form einer Angebotskennung hat: Kleinbuchstaben, Ziffern und Bindestriche. Gesendet werden nur Abschlüsse von jetzt an. Nach <code>#</code> folgt ein Kommentar.';
$string['courses_invalid'] = 'Diese Zeile ist nicht lesbar: {$a}. Die Kennung eines Angebots hat Kleinbuchstaben, Ziffern und Bindestriche.';
$string['coursesettings'] = 'Einstellungen für Microcredentials';
$string['deliveries'] = 'Zustellungen';
$string['effect_inflight'] = 'noch nicht entschieden';
$string['effect_nothing'] = 'es folgt nichts daraus';
$string['effect_reissue'] = 'ist neu auszustellen';
$string['effect_review'] = 'wird geprüft';
$string['effect_suspension'] = 'ausgesetzt, bis es geprüft ist';
$string['enabled'] = 'Microcredentials';
$string['enabled_help'] = 'Wer dies von jetzt an erreicht, bekommt ein Microcredential. Wer es früher erreicht hat, bleibt unberührt, außer eine Administratorin meldet frühere Abschlüsse.';
$string['enabled_label'] = 'Dieser Kurs stellt Microcredentials aus';
$string['esifield'] = 'Profilfeld mit dem European Student Identifier';
$string['esifield_desc'] = 'Der Kurzname eines Profilfelds, falls diese Website solche Kennungen führt (<code>urn:schac:personalUniqueCode:int:esi:…</code>). Sonst leer lassen.';
$string['failure_address'] = '{$a->url} antwortete {$a->status}, aber nicht wie eine Laurel-Bridge. Prüfen Sie die Adresse der Bridge in den Einstellungen. Die Antwort: {$a->reason}';
$string['failure_blocked'] = 'Die HTTP-Sicherheit von Moodle lässt keine Anfragen an {$a->url} hinaus, oder der Name {$a->host} ist nicht auflösbar. Unter Website-Administration > Grundeinstellungen > Sicherheit > HTTP-Sicherheit muss Port {$a->port} in der Liste erlaubter cURL-Ports stehen (curlsecurityallowedport), und {$a->host} und seine Adresse dürfen nicht in der Liste gesperrter cURL-Hosts stehen (curlsecurityblockedhosts).';
$string['failure_broken'] = 'Die Bridge ist an dieser Zustellung gescheitert ({$a->status}). Die Antwort: {$a->reason}';
$string['failure_busy'] = 'Die Bridge ist beschäftigt oder nicht da ({$a->status}). Die Antwort: {$a->reason}';
$string['failure_clock'] = 'Die Uhr dieses Servers geht gegenüber der Bridge, die {$a->servertime} sagte, {$a->seconds} Sekunden {$a->direction}; darum traut die Bridge der Signatur nicht. Synchronisieren Sie die Uhr (NTP).';
$string['failure_conflict'] = 'Die Bridge hat diesen Abschluss schon mit anderem Inhalt und behält, was sie hat. Das geschieht, wenn die Datenbank dieser Website wiederhergestellt oder von einer anderen kopiert wurde. Die Antwort: {$a->reason}';
$string['failure_gone'] = 'Nichts wurde gesendet: {$a->reason}';
$string['failure_redirect'] = '{$a->url} leitet nach „{$a->location}“ weiter ({$a->status}). Weiterleitungen wird nicht gefolgt, weil die Zustellung unterwegs verloren ginge. Setzen Sie die Adresse der Bridge dorthin, wo sie wirklich ist.';
$string['failure_rejected'] = 'Die Bridge kann diese Zustellung nicht annehmen ({$a->status}): {$a->reason}';
$string['failure_unauthorised'] = 'Die Bridge nimmt die Signatur dieser Plattform nicht an ({$a->status}). Prüfen Sie Plattform-ID und Geheimnis in den Einstellungen, und ob die Plattform bei der Bridge freigeschaltet ist. Die Antwort: {$a->reason}';
$string['failure_unprepared'] = 'Die Zustellung ließ sich nicht vorbereiten: {$a->reason}';
$string['failure_unreachable'] = '{$a->url} ist nicht erreichbar. {$a->reason}';
$string['gone_course'] = 'der Kurs wurde vor dem ersten Versuch gelöscht.';
$string['gone_learner'] = 'die lernende Person wurde vor dem ersten Versuch gelöscht.';
$string['gone_offering'] = 'die Einstellungen des Kurses führen zu keinem Angebot. Berichtigen Sie sie unter Einstellungen für Microcredentials, dann versuchen Sie es wieder.';
$string['issuing_since'] = 'Dieser Kurs stellt seit {$a->since} Microcredentials aus.';
$string['issuing_since_missing'] = 'Dieser Kurs stellt seit {$a->since} Microcredentials aus. {$a->missing} frühere Abschlüsse sind nicht gemeldet.';
$string['laurel:configurecourse'] = 'Sagen, ob ein Kurs Microcredentials ausstellt, und welche';
$string['laurel:managedeliveries'] = 'Sehen, was nicht bei der Laurel-Bridge angekommen ist, und es wieder versuchen';
$string['laurel:retry'] = 'Wieder versuchen, was von einem Kurs nicht bei der Laurel-Bridge angekommen ist';
$string['laurel:viewreport'] = 'Sehen, wer in einem Kurs welches Microcredential hat';
$string['message_issued'] = 'Sie haben ein Microcredential für „{$a->course}“ erworben. Öffnen und bewahren Sie es: {$a->url}';
$string['message_issued_subject'] = 'Ihr Microcredential für „{$a->course}“';
$string['message_refused'] = 'Für „{$a->course}“ gibt es kein Microcredential. {$a->reason} Siehe {$a->url}';
$string['message_refused_subject'] = 'Kein Microcredential für „{$a->course}“';
$string['message_revoked'] = 'Ihr Microcredential für „{$a->course}“ wurde zurückgenommen. Fragen Sie Ihre Lehrkraft. Siehe {$a->url}';
$string['message_revoked_subject'] = 'Ihr Microcredential für „{$a->course}“ wurde zurückgenommen';
$string['message_suspended'] = 'Ihr Microcredential für „{$a->course}“ ist ausgesetzt, bis jemand es geprüft hat. Fragen Sie Ihre Lehrkraft. Siehe {$a->url}';
$string['message_suspended_subject'] = 'Ihr Microcredential für „{$a->course}“ ist ausgesetzt';
$string['message_unclaimed'] = 'Sie haben „{$a->course}“ abgeschlossen und können dafür ein Microcredential haben. Fordern Sie es hier an: {$a->url}';
$string['message_unclaimed_subject'] = 'Sie können ein Microcredential für „{$a->course}“ haben';
$string['messageprovider:outcome'] = 'Was aus Ihrem Microcredential wurde';
$string['mine'] = 'Meine Microcredentials';
$string['mine_coming'] = 'Ihr Microcredential wird vorbereitet.';
$string['mine_delayed'] = 'Ihr Microcredential verzögert sich. Wer diese Website betreut, sieht warum.';
$string['mine_issued'] = 'Sie haben ein Microcredential erworben.';
$string['mine_none'] = 'Sie haben noch keine Microcredentials.';
$string['mine_refused'] = 'Hierfür gibt es kein Microcredential.';
$string['mine_revoked'] = 'Ihr Microcredential wurde zurückgenommen.';
$string['mine_suspended'] = 'Ihr Microcredential ist ausgesetzt: es gilt nicht, bis jemand es geprüft hat.';
$string['mine_unclaimed'] = 'Sie haben dies abgeschlossen und können dafür ein Microcredential haben.';
$string['noactivity'] = 'Hier gibt es keine Aktivität, deren Abschluss verfolgt wird.';
$string['nocompetency'] = 'Dieser Kurs hat keine Kompetenzen.';
$string['nocompletion'] = 'Die Abschlussverfolgung ist in diesem Kurs aus: schalten Sie sie in den Kurseinstellungen ein.';
$string['nocriteria'] = 'Dieser Kurs hat keine Abschlussbedingungen: legen Sie sie unter Kursabschluss fest.';
$string['notconfigured'] = 'Adresse der Bridge, Plattform-ID oder Geheimnis sind nicht gesetzt: nichts wird gesendet.';
$string['notshown'] = '{$a} weitere werden nicht gezeigt.';
$string['nottold'] = 'Nicht gemeldet';
$string['nottried'] = 'Noch nicht versucht';
$string['offering'] = 'Angebot';
$string['offering_id'] = 'Kennung des Angebots';
$string['offering_missing'] = 'Das ist keine Kennung eines Angebots: {$a}. Sie hat Kleinbuchstaben, Ziffern und Bindestriche.';
$string['offering_none'] = 'Kein Angebot gewählt';
$string['offering_search'] = 'Im Katalog suchen';
$string['offering_unlisted'] = '{$a} (nicht im Katalog)';
$string['open'] = 'Mein Microcredential öffnen';
$string['optedin'] = 'Stellt aus seit';
$string['platform'] = 'Plattform-ID';
$string['platform_desc'] = 'Die Kennung, unter der diese Website bei der Bridge registriert wurde.';
$string['pluginname'] = 'Laurel Microcredentials';
$string['privacy:metadata:bridge'] = 'Abschlüsse der Kurse, die ausstellen, werden an die Laurel-Installation der Organisation gesendet, die das Microcredential ausstellt.';
$string['privacy:metadata:bridge:circumstances'] = 'Der Versuch und ein Link dazu, ein früherer Abschluss desselben, was eine Lehrkraft von Hand setzte, und wie die Prüfung beaufsichtigt war.';
$string['privacy:metadata:bridge:corrections'] = 'Dass nach dem Senden die Bewertung gesenkt, der Abschluss zurückgenommen, die Person ausgetragen oder gelöscht oder ein Name berichtigt wurde.';
$string['privacy:metadata:bridge:course'] = 'Kennung, Namen und Kurs-ID des Kurses.';
$string['privacy:metadata:bridge:email'] = 'Die E-Mail-Adresse der lernenden Person.';
$string['privacy:metadata:bridge:esi'] = 'Der European Student Identifier, falls diese Website ihn führt.';
$string['privacy:metadata:bridge:firstname'] = 'Der Vorname der lernenden Person.';
$string['privacy:metadata:bridge:fullname'] = 'Der Name, wie diese Website ihn schreibt.';
$string['privacy:metadata:bridge:grade'] = 'Die Kursbewertung mit ihrer Skala, und ob sie genügt.';
$string['privacy:metadata:bridge:id'] = 'Die Kennung der lernenden Person auf dieser Website.';
$string['privacy:metadata:bridge:idnumber'] = 'Die ID-Nummer der lernenden Person.';
$string['privacy:metadata:bridge:language'] = 'Die bevorzugte Sprache.';
$string['privacy:metadata:bridge:lastname'] = 'Der Nachname der lernenden Person.';
$string['privacy:metadata:bridge:timecompleted'] = 'Wann der Kurs abgeschlossen wurde.';
$string['privacy:metadata:outbox'] = 'Abschlüsse, die an die Laurel-Bridge zu senden sind, und was gesendet wurde.';
$string['privacy:metadata:outbox:award'] = 'Die Kennung des Microcredentials.';
$string['privacy:metadata:outbox:completion'] = 'Die Kennung, die die Bridge dem Abschluss gab.';
$string['privacy:metadata:outbox:courseid'] = 'Der abgeschlossene Kurs.';
$string['privacy:metadata:outbox:episode'] = 'Um welchen Abschluss es geht.';
$string['privacy:metadata:outbox:facts'] = 'Was die Bridge antwortete, als sie die Zustellung nicht annahm.';
$string['privacy:metadata:outbox:failure'] = 'Warum der letzte Versuch scheiterte.';
$string['privacy:metadata:outbox:notified'] = 'Was der lernenden Person zuletzt mitgeteilt wurde.';
$string['privacy:metadata:outbox:offering'] = 'Das Angebot im Katalog, für das der Kurs steht.';
$string['privacy:metadata:outbox:outcome'] = 'Was daraus wurde.';
$string['privacy:metadata:outbox:outcomedetail'] = 'Warum es kein Microcredential gibt, in den Worten der Bridge.';
$string['privacy:metadata:outbox:outcomereason'] = 'Warum es kein Microcredential gibt.';
$string['privacy:metadata:outbox:payload'] = 'Was gesendet wird: Namen, E-Mail-Adresse, ID-Nummer und Sprache der Person, der Kurs, die Bewertung und das Datum.';
$string['privacy:metadata:outbox:snapshot'] = 'Namen, E-Mail-Adresse, ID-Nummer und Sprache der Person und der Kurs, wie sie beim Abschluss waren: gemeldet, falls sie vor dem ersten Versuch gelöscht werden.';
$string['privacy:metadata:outbox:state'] = 'Ob es angekommen ist.';
$string['privacy:metadata:outbox:timeclaimed'] = 'Wann die Person das Microcredential anforderte.';
$string['privacy:metadata:outbox:timecompleted'] = 'Wann der Kurs abgeschlossen wurde.';
$string['privacy:metadata:outbox:told'] = 'Namen und Bewertung, wie sie zuletzt gemeldet wurden.';
$string['privacy:metadata:outbox:userid'] = 'Die lernende Person.';
$string['pushes'] = 'Ergebnisse annehmen, wenn die Bridge sie mitteilt';
$string['pushes_desc'] = 'Lernende sehen dann in Sekunden, was aus einem Abschluss wurde, statt erst bei der nächsten Nachfrage. Wer Laurel betreibt, gibt die Adresse an: <code>laurel platforms notify {$a->platform} {$a->address}</code>. Geglaubt wird nur, was mit dem Secret dieser Plattform signiert ist. Nachgefragt wird weiterhin.';
$string['reason'] = 'Grund';
$string['reason_assessmentfailed'] = 'Die Prüfung wurde nicht bestanden.';
$string['reason_elementmissing'] = 'Dem Angebot fehlt etwas, das ein Microcredential sagen muss.';
$string['reason_learnererased'] = 'Ihre Daten wurden dort gelöscht.';
$string['reason_offeringnotopen'] = 'Der Abschluss liegt außerhalb der Zeit, in der das Angebot offen ist.';
$string['reason_offeringretired'] = 'Das Angebot war da schon zurückgezogen.';
$string['reason_offeringunknown'] = 'Das Angebot ist nicht bekannt.';
$string['reason_platformnotallowed'] = 'Diese Website darf dieses Angebot nicht vergeben.';
$string['report'] = 'Microcredentials';
$string['retry'] = 'Wieder versuchen';
$string['retryall'] = 'Alle wieder versuchen';
$string['retrying'] = 'Es wird innerhalb einer Minute wieder versucht.';
$string['retrypicked'] = 'Angekreuzte wieder versuchen';
$string['secret'] = 'Geheimnis';
$string['secret_desc'] = 'Das Geheimnis, das die Bridge zeigte, als diese Website registriert wurde oder ein neues bekam. Es beginnt mit <code>whsec_</code>. Zustellungen werden damit signiert. Es wird hier nie wieder gezeigt.';
$string['secret_invalid'] = 'Das ist kein Geheimnis der Bridge: es beginnt mit whsec_, und mindestens 32 Zeichen folgen.';
$string['secret_none'] = 'Kein Geheimnis ist gesetzt.';
$string['secret_set'] = 'Ein Geheimnis ist gesetzt. Leer lassen, um es zu behalten.';
$string['secret_two'] = 'Ein Geheimnis ist gesetzt. Das vorige signiert noch zwei Tage mit, damit nichts verloren geht, während die Bridge wechselt. Leer lassen, um es zu behalten.';
$string['settings_about'] = 'Adresse, Plattform-Id und Secret bekommen Sie von denen, die Ihre Laurel-Installation betreiben. Nach dem Speichern: <a href="{$a}">Testereignis senden</a>.';
$string['settingspage'] = 'Laurel-Einstellungen';
$string['source'] = 'Welches Angebot';
$string['source_field'] = 'Ein Kursfeld nennt es';
$string['source_idnumber'] = 'Die Kurs-ID ist seine Kennung ({$a})';
$string['source_offering'] = 'Aus dem Katalog wählen';
$string['source_site'] = 'Wie die Liste der Website sagt ({$a})';
$string['stage_coming'] = 'Unterwegs';
$string['stage_delayed'] = 'Verzögert';
$string['stage_issued'] = 'Erworben';
$string['stage_refused'] = 'Keines';
$string['stage_revoked'] = 'Zurückgenommen';
$string['stage_suspended'] = 'Ausgesetzt';
$string['stage_unclaimed'] = 'Anzufordern';
$string['state'] = 'Zustand';
$string['state_attention'] = 'Braucht Aufmerksamkeit';
$string['state_delivered'] = 'Zugestellt';
$string['state_unclaimed'] = 'Noch nicht angefordert';
$string['state_waiting'] = 'Wartet';
$string['supervisionfield'] = 'Kursfeld mit der Aufsicht';
$string['supervisionfield_desc'] = 'Der Kurzname eines Kursfelds, das sagt, wie die Prüfung beaufsichtigt wird: <code>supid</code>, <code>supnoid</code>, <code>nosupid</code> oder <code>nosupnoid</code> (mit oder ohne Aufsicht, Identität geprüft oder nicht). Sonst leer lassen.';
$string['taskdeliver'] = 'Abschlüsse an die Laurel-Bridge senden';
$string['taskreconcile'] = 'Übersehene Abschlüsse finden';
$string['test'] = 'Testereignis senden';
$string['test_about'] = 'Sendet der Bridge einen Abschluss von niemandem, signiert wie ein echter. Die Bridge liest ihn und behält nichts.';
$string['test_allowed'] = 'Diese Website darf das Angebot „{$a}“ vergeben.';
$string['test_cure'] = 'Diese Einstellungen öffnen';
$string['test_known'] = 'Das Angebot „{$a}“ steht im Katalog.';
$string['test_notallowed'] = 'Diese Website darf das Angebot „{$a}“ nicht vergeben.';
$string['test_notwell'] = 'Aus einem Abschluss würde kein Microcredential.';
$string['test_reached'] = 'Die Bridge ist erreichbar.';
$string['test_read'] = 'Die Bridge kann lesen, was diese Website sendet.';
$string['test_recognised'] = 'Die Signatur stimmt: die Bridge kennt diese Website als „{$a->platform}“ von „{$a->organisation}“.';
$string['test_send'] = 'Testereignis senden';
$string['test_unknown'] = 'Das Angebot „{$a}“ steht nicht im Katalog: Abschlüsse warten, bis es veröffentlicht ist.';
$string['test_well'] = 'Alles in Ordnung: ein Abschluss käme an. Weiter geht es in einem Kurs: Mehr > Einstellungen für Microcredentials.';
$string['test_wouldissue'] = 'Der Aussteller würde ein Microcredential ausstellen.';
$string['test_wouldnotissue'] = 'Der Aussteller würde kein Microcredential ausstellen: {$a}';
$string['told'] = 'Gemeldet';
$string['trigger'] = 'Wofür es ausgestellt wird';
$string['trigger_activity'] = 'Eine Aktivität ist abgeschlossen';
$string['trigger_competency'] = 'Eine Kompetenz ist nachgewiesen';
$string['trigger_course'] = 'Der Kurs ist abgeschlossen';
$string['triedagain'] = '{$a} Es wird von selbst wieder versucht.';
$string['undelivered'] = 'Was nicht angekommen ist';
$string['what'] = 'Was';
