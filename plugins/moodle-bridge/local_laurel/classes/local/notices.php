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

namespace local_laurel\local;

/**
 * Tells learners, by Moodle's messages, what they can have and what became of it.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class notices {
    /** Messages sent in one sweep. */
    private const MOST = 200;

    /**
     * Tell those who can ask for a micro-credential and were not told yet.
     */
    public static function tell_unclaimed(): void {
        global $DB;
        $where = 'state = :state AND notified IS NULL';
        $rows = $DB->get_records_select(outbox::TABLE, $where, ['state' => outbox::UNCLAIMED], 'id', '*', 0, self::MOST);
        foreach ($rows as $row) {
            self::tell($row, outbox::UNCLAIMED);
        }
    }

    /**
     * Tell the learner what became of a completion, unless they were told so before.
     *
     * @param int $id
     */
    public static function tell_outcome(int $id): void {
        global $DB;
        $row = $DB->get_record(outbox::TABLE, ['id' => $id], '*', MUST_EXIST);
        // What waits for those who run Laurel is nothing a learner can do anything about.
        if (in_array($row->outcome, [outcome::ISSUED, outcome::SUSPENDED, outcome::REVOKED, outcome::REFUSED], true)) {
            self::tell($row, $row->outcome);
        }
    }

    /**
     * Send one message in the learner's language, once.
     *
     * @param \stdClass $row
     * @param string $what
     */
    private static function tell(\stdClass $row, string $what): void {
        global $DB;
        if ($row->notified === $what) {
            return;
        }
        $DB->set_field(outbox::TABLE, 'notified', $what, ['id' => $row->id]);
        $user = $DB->get_record('user', ['id' => $row->userid, 'deleted' => 0]);
        if (!$user) {
            return;
        }
        $language = force_current_language($user->lang);
        try {
            $url = new \moodle_url('/local/laurel/my.php');
            $facts = (object) [
                'course' => self::course_name($row),
                'reason' => outcome::explain($row),
                'url' => $url->out(false),
            ];
            $message = new \core\message\message();
            $message->component = 'local_laurel';
            $message->name = 'outcome';
            $message->userfrom = \core_user::get_noreply_user();
            $message->userto = $user;
            $message->subject = get_string("message_{$what}_subject", 'local_laurel', $facts);
            $message->fullmessage = get_string("message_{$what}", 'local_laurel', $facts);
            $message->fullmessageformat = FORMAT_PLAIN;
            $message->fullmessagehtml = text_to_html(s($message->fullmessage), false, false);
            $message->smallmessage = $message->subject;
            $message->notification = 1;
            $message->contexturl = $facts->url;
            $message->contexturlname = get_string('mine', 'local_laurel');
            message_send($message);
        } finally {
            force_current_language($language);
        }
    }

    /**
     * The course's name as plain text; as it was, where it is gone.
     *
     * @param \stdClass $row
     * @return string
     */
    public static function course_name(\stdClass $row): string {
        global $DB;
        $course = $DB->get_record('course', ['id' => $row->courseid]);
        if ($course) {
            $context = \core\context\course::instance($course->id);
            return trim(format_string($course->fullname, true, ['context' => $context, 'escape' => false]));
        }
        $then = json_decode((string) $row->snapshot, true);
        return $then['course']['fullname'] ?? (string) $row->courseid;
    }
}
