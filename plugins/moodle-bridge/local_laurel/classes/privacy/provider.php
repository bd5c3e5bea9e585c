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

namespace local_laurel\privacy;

use core_privacy\local\metadata\collection;
use core_privacy\local\request\approved_contextlist;
use core_privacy\local\request\approved_userlist;
use core_privacy\local\request\contextlist;
use core_privacy\local\request\transform;
use core_privacy\local\request\userlist;
use core_privacy\local\request\writer;
use local_laurel\local\outbox;
use local_laurel\local\outcome;

/**
 * What is kept about a learner, and where it goes.
 *
 * The rows belong to the learner's own context: it outlives the course, so that they can be exported and deleted after it.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class provider implements
    \core_privacy\local\metadata\provider,
    \core_privacy\local\request\core_userlist_provider,
    \core_privacy\local\request\plugin\provider {
    /**
     * What is kept and what is sent.
     *
     * @param collection $collection
     * @return collection
     */
    public static function get_metadata(collection $collection): collection {
        $kept = [
            'userid', 'courseid', 'episode', 'offering', 'timecompleted', 'timeclaimed', 'snapshot', 'payload', 'told', 'state',
            'failure', 'facts', 'completion', 'outcome', 'outcomereason', 'outcomedetail', 'award', 'notified',
        ];
        $sent = [
            'id', 'fullname', 'firstname', 'lastname', 'email', 'idnumber', 'esi', 'language', 'course', 'grade', 'timecompleted',
            'circumstances', 'corrections',
        ];
        $collection->add_database_table(
            outbox::TABLE,
            array_combine($kept, array_map(static fn(string $field): string => "privacy:metadata:outbox:{$field}", $kept)),
            'privacy:metadata:outbox'
        );
        $collection->add_external_location_link(
            'bridge',
            array_combine($sent, array_map(static fn(string $field): string => "privacy:metadata:bridge:{$field}", $sent)),
            'privacy:metadata:bridge'
        );
        return $collection;
    }

    /**
     * Where there is something about a user: in their own context, if at all.
     *
     * @param int $userid
     * @return contextlist
     */
    public static function get_contexts_for_userid(int $userid): contextlist {
        $contextlist = new contextlist();
        $contextlist->add_from_sql(
            'SELECT ctx.id
               FROM {context} ctx
              WHERE ctx.contextlevel = :level AND ctx.instanceid = :userid
                    AND EXISTS (SELECT 1 FROM {' . outbox::TABLE . '} o WHERE o.userid = ctx.instanceid)',
            ['level' => CONTEXT_USER, 'userid' => $userid]
        );
        return $contextlist;
    }

    /**
     * Who there is something about in a context.
     *
     * @param userlist $userlist
     */
    public static function get_users_in_context(userlist $userlist): void {
        $context = $userlist->get_context();
        if ($context instanceof \core\context\user) {
            $sql = 'SELECT userid FROM {' . outbox::TABLE . '} WHERE userid = :userid';
            $userlist->add_from_sql('userid', $sql, ['userid' => $context->instanceid]);
        }
    }

    /**
     * Hand the user what is kept about them.
     *
     * @param approved_contextlist $contextlist
     */
    public static function export_user_data(approved_contextlist $contextlist): void {
        global $DB;
        foreach ($contextlist->get_contexts() as $context) {
            if (!self::is_own($context, (int) $contextlist->get_user()->id)) {
                continue;
            }
            foreach ($DB->get_records(outbox::TABLE, ['userid' => $context->instanceid], 'id') as $row) {
                writer::with_context($context)->export_data(
                    [get_string('pluginname', 'local_laurel'), $row->episode],
                    (object) [
                        'course' => $row->courseid,
                        'offering' => $row->offering,
                        'completed' => transform::datetime($row->timecompleted),
                        'state' => get_string("state_{$row->state}", 'local_laurel'),
                        'reason' => outbox::explain($row),
                        'claimed' => $row->timeclaimed ? transform::datetime($row->timeclaimed) : null,
                        'completion' => $row->completion,
                        'outcome' => $row->outcome,
                        'outcomereason' => outcome::explain($row),
                        'award' => $row->award,
                        'noted' => json_decode((string) $row->snapshot),
                        'sent' => json_decode((string) $row->payload),
                        'told' => json_decode((string) $row->told),
                    ]
                );
            }
        }
    }

    /**
     * Delete everything in a context.
     *
     * @param \context $context
     */
    public static function delete_data_for_all_users_in_context(\context $context): void {
        if ($context instanceof \core\context\user) {
            self::delete((int) $context->instanceid);
        }
    }

    /**
     * Delete what is kept about a user. What was sent is the bridge's to erase.
     *
     * @param approved_contextlist $contextlist
     */
    public static function delete_data_for_user(approved_contextlist $contextlist): void {
        $userid = (int) $contextlist->get_user()->id;
        foreach ($contextlist->get_contexts() as $context) {
            if (self::is_own($context, $userid)) {
                self::delete($userid);
            }
        }
    }

    /**
     * Delete what is kept about some users in a context.
     *
     * @param approved_userlist $userlist
     */
    public static function delete_data_for_users(approved_userlist $userlist): void {
        foreach ($userlist->get_userids() as $userid) {
            if (self::is_own($userlist->get_context(), (int) $userid)) {
                self::delete((int) $userid);
            }
        }
    }

    /**
     * Whether a context is the user's own.
     *
     * @param \context $context
     * @param int $userid
     * @return bool
     */
    private static function is_own(\context $context, int $userid): bool {
        return $context instanceof \core\context\user && (int) $context->instanceid === $userid;
    }

    /**
     * Delete a user's rows.
     *
     * @param int $userid
     */
    private static function delete(int $userid): void {
        global $DB;
        $DB->delete_records(outbox::TABLE, ['userid' => $userid]);
    }
}
