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
$string['bridgeurl'] = 'Bridge address';
$string['bridgeurl_desc'] = 'Where your Laurel installation is, for example <code>https://laurel.example.org</code>. If it is on a private network or on a port other than 443, allow it under Site administration > General > Security > HTTP security too.';
$string['bridgeurl_insecure'] = 'Names and e-mail addresses are sent there: use https. Plain http is accepted only for this machine and for private networks.';
$string['bridgeurl_invalid'] = 'This is not a web address. It begins with https:// and has no user name, query or fragment.';
$string['checkdeliveries'] = 'Laurel: deliveries to the bridge';
$string['completed'] = 'Completed';
$string['counts'] = '{$a->delivered} delivered, {$a->waiting} waiting, {$a->attention} need attention.';
$string['courses'] = 'Courses';
$string['courses_desc'] = 'Which courses issue micro-credentials: one course a line, by its <em>Course ID number</em>. Where that is also the id of the offering in the catalogue, it is enough; otherwise write <code>ID number = offering</code>. A line <code>*</code> opts in every course whose ID number has the form of an offering\'s id: small letters, digits and hyphens. Only completions from now on are sent. After <code>#</code> comes a comment.';
$string['courses_invalid'] = 'This line cannot be read: {$a}. An offering\'s id has small letters, digits and hyphens.';
$string['deliveries'] = 'Deliveries';
$string['failure_address'] = '{$a->url} answered {$a->status}, but not as a Laurel bridge does. Check the bridge address in the settings. It said: {$a->reason}';
$string['failure_blocked'] = 'Moodle\'s HTTP security does not let requests to {$a->url} out, or the name {$a->host} cannot be resolved. Under Site administration > General > Security > HTTP security, port {$a->port} must be in the "cURL allowed ports list" (curlsecurityallowedport), and {$a->host} and its address must not be in the "cURL blocked hosts list" (curlsecurityblockedhosts).';
$string['failure_broken'] = 'The bridge failed on this delivery ({$a->status}). It is tried again. It said: {$a->reason}';
$string['failure_busy'] = 'The bridge is busy or away ({$a->status}). It is tried again. It said: {$a->reason}';
$string['failure_clock'] = 'This server\'s clock is {$a->seconds} seconds {$a->direction} of the bridge\'s, which said {$a->servertime}, so the bridge does not trust the signature. Synchronise this server\'s clock (NTP). Nothing is lost: it is tried again.';
$string['failure_conflict'] = 'The bridge already has this completion with another content, and keeps what it has. This happens when this site\'s database was restored or copied from another site. It said: {$a->reason}';
$string['failure_gone'] = 'Nothing was sent: {$a->reason}';
$string['failure_redirect'] = '{$a->url} redirects to "{$a->location}" ({$a->status}). Redirects are not followed, because the delivery would be lost on the way. Set the bridge address to where it really is.';
$string['failure_rejected'] = 'The bridge cannot accept this delivery ({$a->status}): {$a->reason}';
$string['failure_unauthorised'] = 'The bridge does not accept this platform\'s signature ({$a->status}). Check the platform id and the secret in the settings, and that the platform is enabled at the bridge. It said: {$a->reason}';
$string['failure_unprepared'] = 'The delivery could not be prepared: {$a->reason}';
$string['failure_unreachable'] = '{$a->url} cannot be reached. It is tried again. {$a->reason}';
$string['gone_course'] = 'the course was deleted before the first attempt.';
$string['gone_learner'] = 'the learner was deleted before the first attempt.';
$string['laurel:managedeliveries'] = 'See what has not arrived at the Laurel bridge, and try it again';
$string['notconfigured'] = 'The bridge address, the platform id or the secret is not set: nothing is sent.';
$string['notshown'] = '{$a} more are not shown.';
$string['offering'] = 'Offering';
$string['platform'] = 'Platform id';
$string['platform_desc'] = 'The id this site was registered with at the bridge.';
$string['pluginname'] = 'Laurel micro-credentials';
$string['privacy:metadata:bridge'] = 'Completions of the courses opted in are sent to the organisation\'s Laurel installation, which issues the learner\'s micro-credential.';
$string['privacy:metadata:bridge:course'] = 'The course\'s id, names and ID number.';
$string['privacy:metadata:bridge:email'] = 'The learner\'s e-mail address.';
$string['privacy:metadata:bridge:firstname'] = 'The learner\'s first name.';
$string['privacy:metadata:bridge:fullname'] = 'The learner\'s name as this site prints it.';
$string['privacy:metadata:bridge:grade'] = 'The course grade with its scale, and whether it passes.';
$string['privacy:metadata:bridge:id'] = 'The learner\'s id on this site.';
$string['privacy:metadata:bridge:idnumber'] = 'The learner\'s ID number.';
$string['privacy:metadata:bridge:language'] = 'The learner\'s preferred language.';
$string['privacy:metadata:bridge:lastname'] = 'The learner\'s last name.';
$string['privacy:metadata:bridge:timecompleted'] = 'When the course was completed.';
$string['privacy:metadata:outbox'] = 'Completions to be sent to the Laurel bridge, and what was sent.';
$string['privacy:metadata:outbox:completion'] = 'The id the bridge gave the completion.';
$string['privacy:metadata:outbox:courseid'] = 'The course completed.';
$string['privacy:metadata:outbox:episode'] = 'Which completion it is.';
$string['privacy:metadata:outbox:facts'] = 'What the bridge answered when it did not accept the delivery.';
$string['privacy:metadata:outbox:failure'] = 'Why the last attempt failed.';
$string['privacy:metadata:outbox:offering'] = 'The offering in the catalogue the course stands for.';
$string['privacy:metadata:outbox:payload'] = 'What is sent: the learner\'s names, e-mail address, ID number and language, the course, the grade and the date.';
$string['privacy:metadata:outbox:state'] = 'Whether it has arrived.';
$string['privacy:metadata:outbox:timecompleted'] = 'When the course was completed.';
$string['privacy:metadata:outbox:userid'] = 'The learner.';
$string['reason'] = 'Reason';
$string['retry'] = 'Try again';
$string['retryall'] = 'Try all again';
$string['retrying'] = 'It is tried again within a minute.';
$string['secret'] = 'Secret';
$string['secret_desc'] = 'The secret the bridge showed when this site was registered. It begins with <code>whsec_</code>. Deliveries are signed with it.';
$string['secret_invalid'] = 'This is not a secret of the bridge: it begins with whsec_ and goes on with at least 32 characters.';
$string['state'] = 'State';
$string['state_attention'] = 'Needs attention';
$string['state_delivered'] = 'Delivered';
$string['state_waiting'] = 'Waiting';
$string['taskdeliver'] = 'Send completions to the Laurel bridge';
