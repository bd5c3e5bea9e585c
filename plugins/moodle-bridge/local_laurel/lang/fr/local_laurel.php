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
 * French.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();

$string['attempts'] = 'Tentatives';
$string['award'] = 'Attribution';
$string['backfill'] = 'Achèvements antérieurs';
$string['backfill_about'] = 'Ce que les apprenants ont achevé avant que le cours ne délivre des microcertifications n’est pas touché tant que vous ne le signalez pas ici. Chaque achèvement est signalé une seule fois. Sur le serveur, <code>php local/laurel/cli/backfill.php --help</code> fait de même.';
$string['backfill_all'] = 'Signaler les {$a}';
$string['backfill_begin'] = 'Signaler';
$string['backfill_begun'] = 'Les achèvements antérieurs sont en cours de signalement. Cela continue tout seul ; cette page montre l’avancement.';
$string['backfill_nocourses'] = 'Aucun cours ne délivre encore de microcertifications. Activez-le dans la navigation du cours : Plus > Réglages des microcertifications.';
$string['backfill_underway'] = 'En cours : {$a->done} sur {$a->all}';
$string['bridgeurl'] = 'Adresse de la passerelle';
$string['bridgeurl_desc'] = 'Où se trouve votre installation Laurel, par exemple <code>https://laurel.example.org</code>. Si elle est sur un réseau privé ou sur un autre port que 443, autorisez-la aussi sous Administration du site > Général > Sécurité > Sécurité HTTP.';
$string['bridgeurl_insecure'] = 'Des noms et des adresses de courriel y sont envoyés : utilisez https. http simple n’est accepté que pour cette machine et les réseaux privés.';
$string['bridgeurl_invalid'] = 'Ceci n’est pas une adresse web. Elle commence par https:// et n’a ni nom d’utilisateur, ni requête, ni fragment.';
$string['cachedef_catalogue'] = 'Les offres du catalogue Laurel';
$string['cannotopen'] = 'Votre microcertification ne peut pas être ouverte pour l’instant. Réessayez plus tard.';
$string['cataloguefailed'] = 'Le catalogue ne peut pas être lu. {$a}';
$string['change_completionrestored'] = 'Finalement achevé';
$string['change_completionwithdrawn'] = 'Achèvement retiré';
$string['change_gradechanged'] = 'Note abaissée ou modifiée';
$string['change_learnercorrected'] = 'Nom ou identifiant corrigé';
$string['change_learnerdeleted'] = 'Apprenant supprimé';
$string['change_learnerunenrolled'] = 'Apprenant désinscrit';
$string['checkclock'] = 'Laurel : horloge de ce serveur';
$string['checkdeliveries'] = 'Laurel : envois à la passerelle';
$string['claim'] = 'Obtenir ma microcertification';
$string['claimed'] = 'Merci. Votre microcertification est en préparation ; vous recevrez un message quand elle sera prête.';
$string['claimed_withdrawn'] = 'Ceci ne compte plus comme achevé : il n’y a donc pas de microcertification à obtenir.';
$string['clock_ahead'] = 'en avance';
$string['clock_behind'] = 'en retard';
$string['clock_off'] = 'L’horloge de ce serveur est {$a->direction} de {$a->seconds} secondes sur celle de la passerelle. Au-delà de 300 secondes, la passerelle refuse les signatures. Synchronisez-la (NTP).';
$string['clock_right'] = 'L’horloge de ce serveur concorde avec celle de la passerelle.';
$string['completed'] = 'Achevé';
$string['completedon'] = 'Achevé le {$a}';
$string['consent'] = 'Accord de l’apprenant';
$string['consent_atonce'] = 'Délivrer aussitôt';
$string['consent_claim'] = 'L’apprenant la demande d’abord';
$string['consent_help'] = 'Si l’apprenant la demande d’abord, il reçoit un message et un bouton sur la page du cours ; rien ne sort de Moodle à son sujet avant qu’il ne clique.';
$string['corrections'] = 'Changements depuis';
$string['count'] = 'Nombre';
$string['counts'] = '{$a->delivered} remis, {$a->waiting} en attente, {$a->attention} demandent votre attention, {$a->unclaimed} pas encore demandés.';
$string['courses'] = 'Cours';
$string['courses_desc'] = 'Quels cours délivrent des microcertifications, pour ceux qui ne le disent pas eux-mêmes (chaque cours a sa page : Plus > Réglages des microcertifications) : un cours par ligne, par son <em>numéro d’identification</em>. Si c’est aussi l’identifiant de l’offre au catalogue, cela suffit ; sinon écrivez <code>numéro = offre</code>. Une ligne <code>*</code> inclut chaque cours dont le numéro a la forme d’un identifiant d’offre : minuscules, chiffres et traits d’union. Seuls les achèvements à partir de maintenant sont envoyés. Après <code>#</code> vient un commentaire.';
$string['courses_invalid'] = 'Cette ligne est illisible : {$a}. L’identifiant d’une offre a des minuscules, des chiffres et des traits d’union.';
$string['coursesettings'] = 'Réglages des microcertifications';
$string['deliveries'] = 'Envois';
$string['effect_inflight'] = 'pas encore décidé';
$string['effect_nothing'] = 'sans conséquence';
$string['effect_reissue'] = 'à délivrer de nouveau';
$string['effect_review'] = 'en cours d’examen';
$string['effect_suspension'] = 'suspendue jusqu’à examen';
$string['enabled'] = 'Microcertifications';
$string['enabled_help'] = 'Qui atteint ceci à partir de maintenant reçoit une microcertification. Qui l’a atteint avant n’est pas touché, sauf si un administrateur signale les achèvements antérieurs.';
$string['enabled_label'] = 'Ce cours délivre des microcertifications';
$string['esifield'] = 'Champ de profil contenant l’identifiant étudiant européen';
$string['esifield_desc'] = 'Le nom abrégé d’un champ de profil, si ce site tient ces identifiants (<code>urn:schac:personalUniqueCode:int:esi:…</code>). Sinon laissez vide.';
$string['failure_address'] = '{$a->url} a répondu {$a->status}, mais pas comme une passerelle Laurel. Vérifiez l’adresse de la passerelle dans les réglages. Sa réponse : {$a->reason}';
$string['failure_blocked'] = 'La sécurité HTTP de Moodle ne laisse pas sortir les requêtes vers {$a->url}, ou le nom {$a->host} ne peut pas être résolu. Sous Administration du site > Général > Sécurité > Sécurité HTTP, le port {$a->port} doit figurer parmi les ports cURL autorisés (curlsecurityallowedport), et {$a->host} et son adresse ne doivent pas figurer parmi les hôtes cURL bloqués (curlsecurityblockedhosts).';
$string['failure_broken'] = 'La passerelle a échoué sur cet envoi ({$a->status}). Sa réponse : {$a->reason}';
$string['failure_busy'] = 'La passerelle est occupée ou absente ({$a->status}). Sa réponse : {$a->reason}';
$string['failure_clock'] = 'L’horloge de ce serveur est {$a->direction} de {$a->seconds} secondes sur celle de la passerelle, qui indiquait {$a->servertime} ; la passerelle ne se fie donc pas à la signature. Synchronisez l’horloge (NTP).';
$string['failure_conflict'] = 'La passerelle a déjà cet achèvement avec un autre contenu, et garde ce qu’elle a. Cela arrive quand la base de ce site a été restaurée ou copiée d’un autre site. Sa réponse : {$a->reason}';
$string['failure_gone'] = 'Rien n’a été envoyé : {$a->reason}';
$string['failure_redirect'] = '{$a->url} redirige vers « {$a->location} » ({$a->status}). Les redirections ne sont pas suivies, car l’envoi se perdrait en route. Indiquez l’adresse réelle de la passerelle.';
$string['failure_rejected'] = 'La passerelle ne peut pas accepter cet envoi ({$a->status}) : {$a->reason}';
$string['failure_unauthorised'] = 'La passerelle n’accepte pas la signature de cette plateforme ({$a->status}). Vérifiez l’identifiant et le secret dans les réglages, et que la plateforme est activée sur la passerelle. Sa réponse : {$a->reason}';
$string['failure_unprepared'] = 'L’envoi n’a pas pu être préparé : {$a->reason}';
$string['failure_unreachable'] = '{$a->url} est injoignable. {$a->reason}';
$string['gone_course'] = 'le cours a été supprimé avant la première tentative.';
$string['gone_learner'] = 'l’apprenant a été supprimé avant la première tentative.';
$string['gone_offering'] = 'les réglages du cours ne mènent à aucune offre. Corrigez-les sous Réglages des microcertifications, puis réessayez.';
$string['issuing_since'] = 'Ce cours délivre des microcertifications depuis le {$a->since}.';
$string['issuing_since_missing'] = 'Ce cours délivre des microcertifications depuis le {$a->since}. {$a->missing} achèvements antérieurs ne sont pas signalés.';
$string['laurel:configurecourse'] = 'Dire si un cours délivre des microcertifications, et lesquelles';
$string['laurel:managedeliveries'] = 'Voir ce qui n’est pas parvenu à la passerelle Laurel, et réessayer';
$string['laurel:retry'] = 'Réessayer ce qui, d’un cours, n’est pas parvenu à la passerelle Laurel';
$string['laurel:viewreport'] = 'Voir qui, dans un cours, a quelle microcertification';
$string['message_issued'] = 'Vous avez obtenu une microcertification pour « {$a->course} ». Ouvrez-la et conservez-la : {$a->url}';
$string['message_issued_subject'] = 'Votre microcertification pour « {$a->course} »';
$string['message_refused'] = 'Il n’y a pas de microcertification pour « {$a->course} ». {$a->reason} Voir {$a->url}';
$string['message_refused_subject'] = 'Pas de microcertification pour « {$a->course} »';
$string['message_revoked'] = 'Votre microcertification pour « {$a->course} » a été retirée. Adressez-vous à votre enseignant. Voir {$a->url}';
$string['message_revoked_subject'] = 'Votre microcertification pour « {$a->course} » a été retirée';
$string['message_suspended'] = 'Votre microcertification pour « {$a->course} » est suspendue jusqu’à examen. Adressez-vous à votre enseignant. Voir {$a->url}';
$string['message_suspended_subject'] = 'Votre microcertification pour « {$a->course} » est suspendue';
$string['message_unclaimed'] = 'Vous avez achevé « {$a->course} » et pouvez avoir une microcertification. Demandez-la ici : {$a->url}';
$string['message_unclaimed_subject'] = 'Vous pouvez avoir une microcertification pour « {$a->course} »';
$string['messageprovider:outcome'] = 'Ce qu’est devenue votre microcertification';
$string['mine'] = 'Mes microcertifications';
$string['mine_coming'] = 'Votre microcertification est en préparation.';
$string['mine_delayed'] = 'Votre microcertification est retardée. Les responsables de ce site voient pourquoi.';
$string['mine_issued'] = 'Vous avez obtenu une microcertification.';
$string['mine_none'] = 'Vous n’avez pas encore de microcertifications.';
$string['mine_refused'] = 'Il n’y a pas de microcertification pour cela.';
$string['mine_revoked'] = 'Votre microcertification a été retirée.';
$string['mine_suspended'] = 'Votre microcertification est suspendue : elle ne vaut pas tant qu’elle n’a pas été examinée.';
$string['mine_unclaimed'] = 'Vous avez achevé ceci et pouvez avoir une microcertification.';
$string['noactivity'] = 'Il n’y a ici aucune activité dont l’achèvement est suivi.';
$string['nocompetency'] = 'Ce cours n’a pas de compétences.';
$string['nocompletion'] = 'Le suivi d’achèvement est désactivé dans ce cours : activez-le dans les paramètres du cours.';
$string['nocriteria'] = 'Ce cours n’a pas de critères d’achèvement : définissez-les sous Achèvement de cours.';
$string['notconfigured'] = 'L’adresse de la passerelle, l’identifiant de plateforme ou le secret n’est pas défini : rien n’est envoyé.';
$string['notshown'] = '{$a} autres ne sont pas affichés.';
$string['nottold'] = 'Non signalés';
$string['nottried'] = 'Pas encore tenté';
$string['offering'] = 'Offre';
$string['offering_id'] = 'Identifiant de l’offre';
$string['offering_missing'] = 'Ceci n’est pas l’identifiant d’une offre : {$a}. Il a des minuscules, des chiffres et des traits d’union.';
$string['offering_none'] = 'Aucune offre choisie';
$string['offering_search'] = 'Chercher dans le catalogue';
$string['offering_unlisted'] = '{$a} (pas au catalogue)';
$string['open'] = 'Ouvrir ma microcertification';
$string['optedin'] = 'Activé';
$string['platform'] = 'Identifiant de plateforme';
$string['platform_desc'] = 'L’identifiant sous lequel ce site a été enregistré sur la passerelle.';
$string['pluginname'] = 'Microcertifications Laurel';
$string['privacy:metadata:bridge'] = 'Les achèvements des cours activés sont envoyés à l’installation Laurel de l’organisation, qui délivre la microcertification.';
$string['privacy:metadata:bridge:circumstances'] = 'La tentative et un lien vers elle, un achèvement antérieur, ce qu’un enseignant a fixé à la main, et la surveillance de l’évaluation.';
$string['privacy:metadata:bridge:corrections'] = 'Que la note a été abaissée, l’achèvement retiré, l’apprenant désinscrit ou supprimé, ou un nom corrigé, après l’envoi.';
$string['privacy:metadata:bridge:course'] = 'L’identifiant, les noms et le numéro du cours.';
$string['privacy:metadata:bridge:email'] = 'L’adresse de courriel de l’apprenant.';
$string['privacy:metadata:bridge:esi'] = 'L’identifiant étudiant européen, si ce site le tient.';
$string['privacy:metadata:bridge:firstname'] = 'Le prénom de l’apprenant.';
$string['privacy:metadata:bridge:fullname'] = 'Le nom de l’apprenant tel que ce site l’affiche.';
$string['privacy:metadata:bridge:grade'] = 'La note du cours avec son barème, et si elle suffit.';
$string['privacy:metadata:bridge:id'] = 'L’identifiant de l’apprenant sur ce site.';
$string['privacy:metadata:bridge:idnumber'] = 'Le numéro d’identification de l’apprenant.';
$string['privacy:metadata:bridge:language'] = 'La langue préférée de l’apprenant.';
$string['privacy:metadata:bridge:lastname'] = 'Le nom de famille de l’apprenant.';
$string['privacy:metadata:bridge:timecompleted'] = 'Quand le cours a été achevé.';
$string['privacy:metadata:outbox'] = 'Achèvements à envoyer à la passerelle Laurel, et ce qui a été envoyé.';
$string['privacy:metadata:outbox:award'] = 'L’identifiant de la microcertification.';
$string['privacy:metadata:outbox:completion'] = 'L’identifiant donné à l’achèvement par la passerelle.';
$string['privacy:metadata:outbox:courseid'] = 'Le cours achevé.';
$string['privacy:metadata:outbox:episode'] = 'De quel achèvement il s’agit.';
$string['privacy:metadata:outbox:facts'] = 'Ce que la passerelle a répondu quand elle n’a pas accepté l’envoi.';
$string['privacy:metadata:outbox:failure'] = 'Pourquoi la dernière tentative a échoué.';
$string['privacy:metadata:outbox:notified'] = 'Ce qui a été dit en dernier à l’apprenant.';
$string['privacy:metadata:outbox:offering'] = 'L’offre du catalogue que représente le cours.';
$string['privacy:metadata:outbox:outcome'] = 'Ce qu’il en est advenu.';
$string['privacy:metadata:outbox:outcomedetail'] = 'Pourquoi il n’y a pas de microcertification, dans les mots de la passerelle.';
$string['privacy:metadata:outbox:outcomereason'] = 'Pourquoi il n’y a pas de microcertification.';
$string['privacy:metadata:outbox:payload'] = 'Ce qui est envoyé : noms, courriel, numéro et langue de l’apprenant, le cours, la note et la date.';
$string['privacy:metadata:outbox:snapshot'] = 'Noms, courriel, numéro et langue de l’apprenant, et le cours, au moment de l’achèvement : signalés s’ils sont supprimés avant la première tentative.';
$string['privacy:metadata:outbox:state'] = 'Si c’est arrivé.';
$string['privacy:metadata:outbox:timeclaimed'] = 'Quand l’apprenant a demandé la microcertification.';
$string['privacy:metadata:outbox:timecompleted'] = 'Quand le cours a été achevé.';
$string['privacy:metadata:outbox:told'] = 'Les noms et la note tels que signalés en dernier.';
$string['privacy:metadata:outbox:userid'] = 'L’apprenant.';
$string['pushes'] = 'Recevoir les résultats dès que la passerelle les annonce';
$string['pushes_desc'] = 'Les apprenants voient alors en quelques secondes ce qu’il est advenu d’un achèvement, au lieu d’attendre la prochaine demande. La personne qui gère Laurel indique l’adresse : <code>laurel platforms notify {$a->platform} {$a->address}</code>. Seul ce qui porte la signature de cette plateforme est cru. Les demandes continuent.';
$string['reason'] = 'Raison';
$string['reason_assessmentfailed'] = 'L’évaluation n’a pas été réussie.';
$string['reason_elementmissing'] = 'Il manque à l’offre un élément qu’une microcertification doit indiquer.';
$string['reason_learnererased'] = 'Vos données y ont été effacées.';
$string['reason_offeringnotopen'] = 'L’achèvement est hors de la période d’ouverture de l’offre.';
$string['reason_offeringretired'] = 'L’offre avait alors été retirée.';
$string['reason_offeringunknown'] = 'L’offre n’est pas connue.';
$string['reason_platformnotallowed'] = 'Ce site n’a pas le droit d’attribuer cette offre.';
$string['report'] = 'Microcertifications';
$string['retry'] = 'Réessayer';
$string['retryall'] = 'Tout réessayer';
$string['retrying'] = 'Une nouvelle tentative aura lieu dans la minute.';
$string['retrypicked'] = 'Réessayer les cochés';
$string['secret'] = 'Secret';
$string['secret_desc'] = 'Le secret que la passerelle a montré à l’enregistrement de ce site, ou quand il en a reçu un nouveau. Il commence par <code>whsec_</code>. Les envois sont signés avec lui. Il n’est plus jamais montré ici.';
$string['secret_invalid'] = 'Ceci n’est pas un secret de la passerelle : il commence par whsec_ suivi d’au moins 32 caractères.';
$string['secret_none'] = 'Aucun secret n’est défini.';
$string['secret_set'] = 'Un secret est défini. Laissez vide pour le garder.';
$string['secret_two'] = 'Un secret est défini. Le précédent signe encore pendant deux jours, pour que rien ne se perde pendant que la passerelle change. Laissez vide pour le garder.';
$string['settings_about'] = 'L’adresse, l’identifiant de plateforme et le secret viennent de la personne qui gère votre installation Laurel. Une fois enregistrés, <a href="{$a}">envoyez un événement de test</a>.';
$string['settingspage'] = 'Réglages de Laurel';
$string['source'] = 'Quelle offre';
$string['source_field'] = 'Un champ personnalisé du cours l’indique';
$string['source_idnumber'] = 'Le numéro d’identification du cours est son identifiant ({$a})';
$string['source_offering'] = 'La choisir dans le catalogue';
$string['source_site'] = 'Comme le dit la liste du site ({$a})';
$string['stage_coming'] = 'En route';
$string['stage_delayed'] = 'Retardée';
$string['stage_issued'] = 'Obtenue';
$string['stage_refused'] = 'Aucune';
$string['stage_revoked'] = 'Retirée';
$string['stage_suspended'] = 'Suspendue';
$string['stage_unclaimed'] = 'À demander';
$string['state'] = 'État';
$string['state_attention'] = 'Demande votre attention';
$string['state_delivered'] = 'Remis';
$string['state_unclaimed'] = 'Pas encore demandée';
$string['state_waiting'] = 'En attente';
$string['supervisionfield'] = 'Champ de cours indiquant la surveillance';
$string['supervisionfield_desc'] = 'Le nom abrégé d’un champ de cours qui dit comment l’évaluation est surveillée : <code>supid</code>, <code>supnoid</code>, <code>nosupid</code> ou <code>nosupnoid</code> (avec ou sans surveillance, identité vérifiée ou non). Sinon laissez vide.';
$string['taskdeliver'] = 'Envoyer les achèvements à la passerelle Laurel';
$string['taskreconcile'] = 'Trouver les achèvements manqués';
$string['test'] = 'Envoyer un événement de test';
$string['test_about'] = 'Envoie à la passerelle l’achèvement de personne, signé comme un vrai. La passerelle le lit et n’en garde rien.';
$string['test_allowed'] = 'Ce site peut attribuer l’offre « {$a} ».';
$string['test_cure'] = 'Ouvrir ces réglages';
$string['test_known'] = 'L’offre « {$a} » est au catalogue.';
$string['test_notallowed'] = 'Ce site ne peut pas attribuer l’offre « {$a} ».';
$string['test_notwell'] = 'Un achèvement ne deviendrait pas une microcertification.';
$string['test_reached'] = 'La passerelle est joignable.';
$string['test_read'] = 'La passerelle peut lire ce que ce site envoie.';
$string['test_recognised'] = 'La signature est bonne : la passerelle connaît ce site comme « {$a->platform} » de « {$a->organisation} ».';
$string['test_send'] = 'Envoyer un événement de test';
$string['test_unknown'] = 'L’offre « {$a} » n’est pas au catalogue : les achèvements attendent sa publication.';
$string['test_well'] = 'Tout va bien : un achèvement arriverait. Ensuite, dans un cours : Plus > Réglages des microcertifications.';
$string['test_wouldissue'] = 'L’émetteur délivrerait une microcertification.';
$string['test_wouldnotissue'] = 'L’émetteur ne délivrerait pas de microcertification : {$a}';
$string['told'] = 'Signalés';
$string['trigger'] = 'Ce pour quoi elle est délivrée';
$string['trigger_activity'] = 'Une activité est achevée';
$string['trigger_competency'] = 'Une compétence est prouvée';
$string['trigger_course'] = 'Le cours est achevé';
$string['triedagain'] = '{$a} L’envoi est retenté automatiquement.';
$string['undelivered'] = 'Ce qui n’est pas arrivé';
$string['what'] = 'Quoi';
