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
 * English.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();

$string['attempts'] = 'Attempts';
$string['award'] = 'Award';
$string['backfill'] = 'Earlier completions';
$string['backfill_about'] = 'What learners completed before a course was opted in is left alone until you tell it here. Each completion is told once, however often you ask. On the server, <code>php local/laurel/cli/backfill.php --help</code> does the same.';
$string['backfill_all'] = 'Tell all {$a}';
$string['backfill_begin'] = 'Tell them';
$string['backfill_begun'] = 'Earlier completions are being told. It goes on by itself; this page shows how far it is.';
$string['backfill_nocourses'] = 'No course issues micro-credentials yet. Opt one in under its own navigation: More > Micro-credential settings.';
$string['backfill_underway'] = 'Under way: {$a->done} of {$a->all}';
$string['bridgeurl'] = 'Bridge address';
$string['bridgeurl_desc'] = 'Where your Laurel installation is, for example <code>https://laurel.example.org</code>. If it is on a private network or on a port other than 443, allow it under Site administration > General > Security > HTTP security too.';
$string['bridgeurl_insecure'] = 'Names and e-mail addresses are sent there: use https. Plain http is accepted only for this machine and for private networks.';
$string['bridgeurl_invalid'] = 'This is not a web address. It begins with https:// and has no user name, query or fragment.';
$string['cachedef_catalogue'] = 'The offerings in the Laurel catalogue';
$string['cannotopen'] = 'Your micro-credential cannot be opened just now. Please try again later.';
$string['cataloguefailed'] = 'The catalogue cannot be read. {$a}';
$string['change_completionrestored'] = 'Completed after all';
$string['change_completionwithdrawn'] = 'Completion withdrawn';
$string['change_gradechanged'] = 'Grade lowered or changed';
$string['change_learnercorrected'] = 'Name or identifier corrected';
$string['change_learnerdeleted'] = 'Learner deleted';
$string['change_learnerunenrolled'] = 'Learner unenrolled';
$string['checkclock'] = 'Laurel: this server\'s clock';
$string['checkdeliveries'] = 'Laurel: deliveries to the bridge';
$string['claim'] = 'Get my micro-credential';
$string['claimed'] = 'Thank you. Your micro-credential is being prepared; you get a message when it is ready.';
$string['claimed_withdrawn'] = 'This does not count as completed any more, so there is no micro-credential to be had for it.';
$string['clock_ahead'] = 'ahead';
$string['clock_behind'] = 'behind';
$string['clock_off'] = 'This server\'s clock is {$a->seconds} seconds {$a->direction} of the bridge\'s. Beyond 300 seconds the bridge does not take signatures. Synchronise it (NTP).';
$string['clock_right'] = 'This server\'s clock agrees with the bridge\'s.';
$string['completed'] = 'Completed';
$string['completedon'] = 'Completed on {$a}';
$string['consent'] = 'Learner\'s consent';
$string['consent_atonce'] = 'Issue at once';
$string['consent_claim'] = 'The learner asks for it first';
$string['consent_help'] = 'If the learner asks first, they get a message and a button on the course page, and nothing about them leaves Moodle before they press it.';
$string['corrections'] = 'Changes since';
$string['count'] = 'Number';
$string['counts'] = '{$a->delivered} delivered, {$a->waiting} waiting, {$a->attention} need attention, {$a->unclaimed} not asked for yet.';
$string['courses'] = 'Courses';
$string['courses_desc'] = 'Which courses issue micro-credentials, for those that say nothing themselves (each course has a page of its own, under More > Micro-credential settings): one course a line, by its <em>Course ID number</em>. Where that is also the id of the offering in the catalogue, it is enough; otherwise write <code>ID number = offering</code>. A line <code>*</code> opts in every course whose ID number has the form of an offering\'s id: small letters, digits and hyphens. Only completions from now on are sent. After <code>#</code> comes a comment.';
$string['courses_invalid'] = 'This line cannot be read: {$a}. An offering\'s id has small letters, digits and hyphens.';
$string['coursesettings'] = 'Micro-credential settings';
$string['deliveries'] = 'Deliveries';
$string['effect_inflight'] = 'not decided yet';
$string['effect_nothing'] = 'nothing follows';
$string['effect_reissue'] = 'to be issued anew';
$string['effect_review'] = 'somebody looks at it';
$string['effect_suspension'] = 'suspended until somebody has looked at it';
$string['enabled'] = 'Micro-credentials';
$string['enabled_help'] = 'Learners who reach this from now on get a micro-credential. Those who reached it before are left alone, unless an administrator tells earlier completions.';
$string['enabled_label'] = 'This course issues micro-credentials';
$string['esifield'] = 'Profile field with the European Student Identifier';
$string['esifield_desc'] = 'The short name of a user profile field, if this site keeps these identifiers (<code>urn:schac:personalUniqueCode:int:esi:…</code>). Leave it empty otherwise.';
$string['failure_address'] = '{$a->url} answered {$a->status}, but not as a Laurel bridge does. Check the bridge address in the settings. It said: {$a->reason}';
$string['failure_blocked'] = 'Moodle\'s HTTP security does not let requests to {$a->url} out, or the name {$a->host} cannot be resolved. Under Site administration > General > Security > HTTP security, port {$a->port} must be in the "cURL allowed ports list" (curlsecurityallowedport), and {$a->host} and its address must not be in the "cURL blocked hosts list" (curlsecurityblockedhosts).';
$string['failure_broken'] = 'The bridge failed on this delivery ({$a->status}). It said: {$a->reason}';
$string['failure_busy'] = 'The bridge is busy or away ({$a->status}). It said: {$a->reason}';
$string['failure_clock'] = 'This server\'s clock is {$a->seconds} seconds {$a->direction} of the bridge\'s, which said {$a->servertime}, so the bridge does not trust the signature. Synchronise this server\'s clock (NTP).';
$string['failure_conflict'] = 'The bridge already has this completion with another content, and keeps what it has. This happens when this site\'s database was restored or copied from another site. It said: {$a->reason}';
$string['failure_gone'] = 'Nothing was sent: {$a->reason}';
$string['failure_redirect'] = '{$a->url} redirects to "{$a->location}" ({$a->status}). Redirects are not followed, because the delivery would be lost on the way. Set the bridge address to where it really is.';
$string['failure_rejected'] = 'The bridge cannot accept this delivery ({$a->status}): {$a->reason}';
$string['failure_unauthorised'] = 'The bridge does not accept this platform\'s signature ({$a->status}). Check the platform id and the secret in the settings, and that the platform is enabled at the bridge. It said: {$a->reason}';
$string['failure_unprepared'] = 'The delivery could not be prepared: {$a->reason}';
$string['failure_unreachable'] = '{$a->url} cannot be reached. {$a->reason}';
$string['gone_course'] = 'the course was deleted before the first attempt.';
$string['gone_learner'] = 'the learner was deleted before the first attempt.';
$string['gone_offering'] = 'the course\'s settings lead to no offering. Correct them under the course\'s Micro-credential settings, then try again.';
$string['issuing_since'] = 'This course has issued micro-credentials since {$a->since}.';
$string['issuing_since_missing'] = 'This course has issued micro-credentials since {$a->since}. {$a->missing} earlier completions are not told.';
$string['laurel:configurecourse'] = 'Say whether a course issues micro-credentials, and which';
$string['laurel:managedeliveries'] = 'See what has not arrived at the Laurel bridge, and try it again';
$string['laurel:retry'] = 'Try again what of a course has not arrived at the Laurel bridge';
$string['laurel:viewreport'] = 'See who of a course has which micro-credential';
$string['message_issued'] = 'You have earned a micro-credential for "{$a->course}". Open it and keep it: {$a->url}';
$string['message_issued_subject'] = 'Your micro-credential for "{$a->course}"';
$string['message_refused'] = 'There is no micro-credential for "{$a->course}". {$a->reason} See {$a->url}';
$string['message_refused_subject'] = 'No micro-credential for "{$a->course}"';
$string['message_revoked'] = 'Your micro-credential for "{$a->course}" was taken back. Ask your teacher. See {$a->url}';
$string['message_revoked_subject'] = 'Your micro-credential for "{$a->course}" was taken back';
$string['message_suspended'] = 'Your micro-credential for "{$a->course}" is suspended until somebody has looked at it. Ask your teacher. See {$a->url}';
$string['message_suspended_subject'] = 'Your micro-credential for "{$a->course}" is suspended';
$string['message_unclaimed'] = 'You have completed "{$a->course}" and can have a micro-credential for it. Ask for it here: {$a->url}';
$string['message_unclaimed_subject'] = 'You can have a micro-credential for "{$a->course}"';
$string['messageprovider:outcome'] = 'What became of your micro-credential';
$string['mine'] = 'My micro-credentials';
$string['mine_coming'] = 'Your micro-credential is being prepared.';
$string['mine_delayed'] = 'Your micro-credential is delayed. Those who look after this site can see why.';
$string['mine_issued'] = 'You have earned a micro-credential.';
$string['mine_none'] = 'You have no micro-credentials yet.';
$string['mine_refused'] = 'There is no micro-credential for this.';
$string['mine_revoked'] = 'Your micro-credential was taken back.';
$string['mine_suspended'] = 'Your micro-credential is suspended: it does not hold until somebody has looked at it.';
$string['mine_unclaimed'] = 'You have completed this, and can have a micro-credential for it.';
$string['noactivity'] = 'There is no activity here whose completion is tracked.';
$string['nocompetency'] = 'This course has no competencies.';
$string['nocompletion'] = 'Completion tracking is off in this course: switch it on in the course\'s settings.';
$string['nocriteria'] = 'This course has no completion criteria: set them under Course completion.';
$string['notconfigured'] = 'The bridge address, the platform id or the secret is not set: nothing is sent.';
$string['notshown'] = '{$a} more are not shown.';
$string['nottold'] = 'Not told';
$string['nottried'] = 'Not tried yet';
$string['offering'] = 'Offering';
$string['offering_id'] = 'The offering\'s id';
$string['offering_missing'] = 'This is not the id of an offering: {$a}. It has small letters, digits and hyphens.';
$string['offering_none'] = 'No offering picked';
$string['offering_search'] = 'Search the catalogue';
$string['offering_unlisted'] = '{$a} (not in the catalogue)';
$string['open'] = 'Open my micro-credential';
$string['optedin'] = 'Opted in';
$string['platform'] = 'Platform id';
$string['platform_desc'] = 'The id this site was registered with at the bridge.';
$string['pluginname'] = 'Laurel micro-credentials';
$string['privacy:metadata:bridge'] = 'Completions of the courses opted in are sent to the organisation\'s Laurel installation, which issues the learner\'s micro-credential.';
$string['privacy:metadata:bridge:circumstances'] = 'The attempt and a link to it, an earlier completion of the same, what a teacher set by hand, and how the assessment was supervised.';
$string['privacy:metadata:bridge:corrections'] = 'That the grade was lowered, the completion withdrawn, the learner unenrolled or deleted, or a name corrected, after the completion was sent.';
$string['privacy:metadata:bridge:course'] = 'The course\'s id, names and ID number.';
$string['privacy:metadata:bridge:email'] = 'The learner\'s e-mail address.';
$string['privacy:metadata:bridge:esi'] = 'The learner\'s European Student Identifier, if this site keeps it.';
$string['privacy:metadata:bridge:firstname'] = 'The learner\'s first name.';
$string['privacy:metadata:bridge:fullname'] = 'The learner\'s name as this site prints it.';
$string['privacy:metadata:bridge:grade'] = 'The course grade with its scale, and whether it passes.';
$string['privacy:metadata:bridge:id'] = 'The learner\'s id on this site.';
$string['privacy:metadata:bridge:idnumber'] = 'The learner\'s ID number.';
$string['privacy:metadata:bridge:language'] = 'The learner\'s preferred language.';
$string['privacy:metadata:bridge:lastname'] = 'The learner\'s last name.';
$string['privacy:metadata:bridge:timecompleted'] = 'When the course was completed.';
$string['privacy:metadata:outbox'] = 'Completions to be sent to the Laurel bridge, and what was sent.';
$string['privacy:metadata:outbox:award'] = 'The id of the micro-credential.';
$string['privacy:metadata:outbox:completion'] = 'The id the bridge gave the completion.';
$string['privacy:metadata:outbox:courseid'] = 'The course completed.';
$string['privacy:metadata:outbox:episode'] = 'Which completion it is.';
$string['privacy:metadata:outbox:facts'] = 'What the bridge answered when it did not accept the delivery.';
$string['privacy:metadata:outbox:failure'] = 'Why the last attempt failed.';
$string['privacy:metadata:outbox:notified'] = 'What the learner was told last.';
$string['privacy:metadata:outbox:offering'] = 'The offering in the catalogue the course stands for.';
$string['privacy:metadata:outbox:outcome'] = 'What became of it.';
$string['privacy:metadata:outbox:outcomedetail'] = 'Why there is no micro-credential, in the bridge\'s words.';
$string['privacy:metadata:outbox:outcomereason'] = 'Why there is no micro-credential.';
$string['privacy:metadata:outbox:payload'] = 'What is sent: the learner\'s names, e-mail address, ID number and language, the course, the grade and the date.';
$string['privacy:metadata:outbox:snapshot'] = 'The learner\'s names, e-mail address, ID number and language, and the course, when it was completed: told if they are deleted before the first attempt.';
$string['privacy:metadata:outbox:state'] = 'Whether it has arrived.';
$string['privacy:metadata:outbox:timeclaimed'] = 'When the learner asked for the micro-credential.';
$string['privacy:metadata:outbox:timecompleted'] = 'When the course was completed.';
$string['privacy:metadata:outbox:told'] = 'The learner\'s names and the grade as they were told last.';
$string['privacy:metadata:outbox:userid'] = 'The learner.';
$string['pushes'] = 'Take outcomes as the bridge tells them';
$string['pushes_desc'] = 'Learners then see within seconds what became of a completion, instead of at the next question. Whoever runs Laurel says where to: <code>laurel platforms notify {$a->platform} {$a->address}</code>. What comes is believed only with this platform\'s signature. Questions go on being asked.';
$string['reason'] = 'Reason';
$string['reason_assessmentfailed'] = 'The assessment was not passed.';
$string['reason_elementmissing'] = 'The offering lacks something a micro-credential must say.';
$string['reason_learnererased'] = 'Your data was erased there.';
$string['reason_offeringnotopen'] = 'It was completed outside the dates the offering is open.';
$string['reason_offeringretired'] = 'The offering had been retired by then.';
$string['reason_offeringunknown'] = 'The offering is not known.';
$string['reason_platformnotallowed'] = 'This site may not award this offering.';
$string['report'] = 'Micro-credentials';
$string['retry'] = 'Try again';
$string['retryall'] = 'Try all again';
$string['retrying'] = 'It is tried again within a minute.';
$string['retrypicked'] = 'Try those ticked again';
$string['secret'] = 'Secret';
$string['secret_desc'] = 'The secret the bridge showed when this site was registered, or when it was given a new one. It begins with <code>whsec_</code>. Deliveries are signed with it. It is never shown again here.';
$string['secret_invalid'] = 'This is not a secret of the bridge: it begins with whsec_ and goes on with at least 32 characters.';
$string['secret_none'] = 'No secret is set.';
$string['secret_set'] = 'A secret is set. Leave this empty to keep it.';
$string['secret_two'] = 'A secret is set. The one before it goes on signing for two days, so that nothing is lost while the bridge changes over. Leave this empty to keep it.';
$string['settings_about'] = 'The address, the platform id and the secret come from whoever runs your Laurel installation. Once they are saved, <a href="{$a}">send a test event</a>.';
$string['settingspage'] = 'Laurel settings';
$string['source'] = 'Which offering';
$string['source_field'] = 'A course custom field names it';
$string['source_idnumber'] = 'The course ID number is its id ({$a})';
$string['source_offering'] = 'Pick it from the catalogue';
$string['source_site'] = 'As the site\'s list says ({$a})';
$string['stage_coming'] = 'On its way';
$string['stage_delayed'] = 'Delayed';
$string['stage_issued'] = 'Earned';
$string['stage_refused'] = 'None';
$string['stage_revoked'] = 'Revoked';
$string['stage_suspended'] = 'Suspended';
$string['stage_unclaimed'] = 'To be asked for';
$string['state'] = 'State';
$string['state_attention'] = 'Needs attention';
$string['state_delivered'] = 'Delivered';
$string['state_unclaimed'] = 'Not asked for yet';
$string['state_waiting'] = 'Waiting';
$string['supervisionfield'] = 'Course field with the supervision';
$string['supervisionfield_desc'] = 'The short name of a course custom field that says how the assessment is supervised: <code>supid</code>, <code>supnoid</code>, <code>nosupid</code> or <code>nosupnoid</code> (supervised or not, identity verified or not). Leave it empty otherwise.';
$string['taskdeliver'] = 'Send completions to the Laurel bridge';
$string['taskreconcile'] = 'Find completions that were missed';
$string['test'] = 'Send a test event';
$string['test_about'] = 'Sends a completion of nobody to the bridge, signed as a real one is. The bridge reads it and keeps nothing.';
$string['test_allowed'] = 'This site may award the offering "{$a}".';
$string['test_cure'] = 'Open these settings';
$string['test_known'] = 'The offering "{$a}" is in the catalogue.';
$string['test_notallowed'] = 'This site may not award the offering "{$a}".';
$string['test_notwell'] = 'A completion would not become a micro-credential.';
$string['test_reached'] = 'The bridge can be reached.';
$string['test_read'] = 'The bridge can read what this site sends.';
$string['test_recognised'] = 'The signature is right: the bridge knows this site as "{$a->platform}" of "{$a->organisation}".';
$string['test_send'] = 'Send a test event';
$string['test_unknown'] = 'The offering "{$a}" is not in the catalogue: completions wait until it is published.';
$string['test_well'] = 'All is well: a completion would arrive. Next, in a course: More > Micro-credential settings.';
$string['test_wouldissue'] = 'The issuer would issue a micro-credential.';
$string['test_wouldnotissue'] = 'The issuer would not issue a micro-credential: {$a}';
$string['told'] = 'Told';
$string['trigger'] = 'What it is issued for';
$string['trigger_activity'] = 'An activity is completed';
$string['trigger_competency'] = 'A competency is proven';
$string['trigger_course'] = 'The course is completed';
$string['triedagain'] = '{$a} It is tried again by itself.';
$string['undelivered'] = 'What has not arrived';
$string['what'] = 'What';
