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
 * Steps from earlier versions.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

/**
 * Bring an earlier installation to this version. What stands in the outbox stays there.
 *
 * @param int $oldversion
 * @return bool
 */
function xmldb_local_laurel_upgrade($oldversion) {
    global $DB;
    $dbman = $DB->get_manager();

    if ($oldversion < 2026112801) {
        $table = new xmldb_table('local_laurel_outbox');
        $fields = [
            new xmldb_field('kind', XMLDB_TYPE_CHAR, '12', null, XMLDB_NOTNULL, null, 'completion'),
            new xmldb_field('about', XMLDB_TYPE_INTEGER, '10'),
            new xmldb_field('snapshot', XMLDB_TYPE_TEXT),
            new xmldb_field('told', XMLDB_TYPE_TEXT),
            new xmldb_field('recheck', XMLDB_TYPE_INTEGER, '10', null, XMLDB_NOTNULL, null, '0'),
            new xmldb_field('timeclaimed', XMLDB_TYPE_INTEGER, '10'),
            new xmldb_field('outcome', XMLDB_TYPE_CHAR, '12'),
            new xmldb_field('outcomereason', XMLDB_TYPE_CHAR, '100'),
            new xmldb_field('outcomedetail', XMLDB_TYPE_TEXT),
            new xmldb_field('award', XMLDB_TYPE_CHAR, '36'),
            new xmldb_field('polls', XMLDB_TYPE_INTEGER, '10', null, XMLDB_NOTNULL, null, '0'),
            new xmldb_field('nextpoll', XMLDB_TYPE_INTEGER, '10'),
            new xmldb_field('timeoutcome', XMLDB_TYPE_INTEGER, '10'),
            new xmldb_field('notified', XMLDB_TYPE_CHAR, '12'),
        ];
        foreach ($fields as $field) {
            if (!$dbman->field_exists($table, $field)) {
                $dbman->add_field($table, $field);
            }
        }
        $indexes = [
            new xmldb_index('recheck', XMLDB_INDEX_NOTUNIQUE, ['recheck']),
            new xmldb_index('nextpoll', XMLDB_INDEX_NOTUNIQUE, ['nextpoll']),
            new xmldb_index('about', XMLDB_INDEX_NOTUNIQUE, ['about']),
        ];
        foreach ($indexes as $index) {
            if (!$dbman->index_exists($table, $index)) {
                $dbman->add_index($table, $index);
            }
        }
        if (!$dbman->table_exists('local_laurel_course')) {
            $dbman->install_one_table_from_xmldb_file(__DIR__ . '/install.xml', 'local_laurel_course');
        }
        upgrade_plugin_savepoint(true, 2026112801, 'local', 'laurel');
    }

    if ($oldversion < 2026112802) {
        // What the first version delivered is asked for now, and compared from now on.
        $DB->set_field_select('local_laurel_outbox', 'nextpoll', 0, "state = 'delivered' AND completion IS NOT NULL");
        $rows = $DB->get_recordset_select('local_laurel_outbox', "payload IS NOT NULL AND told IS NULL AND kind = 'completion'");
        foreach ($rows as $row) {
            $said = json_decode($row->payload, true);
            $printed = ['fullname', 'firstname', 'lastname', 'idnumber'];
            $DB->set_field('local_laurel_outbox', 'told', json_encode([
                'reached' => true,
                'enrolled' => true,
                'learner' => array_intersect_key($said['learner'], array_flip($printed)) + ['esi' => ''],
                'value' => $said['grade']['value'] ?? null,
                'passed' => $said['passed'],
            ], JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE), ['id' => $row->id]);
        }
        $rows->close();
        upgrade_plugin_savepoint(true, 2026112802, 'local', 'laurel');
    }

    if ($oldversion < 2026112803) {
        $table = new xmldb_table('local_laurel_outbox');
        $asof = new xmldb_field('asof', XMLDB_TYPE_CHAR, '30');
        if (!$dbman->field_exists($table, $asof)) {
            $dbman->add_field($table, $asof);
        }
        $index = new xmldb_index('completion', XMLDB_INDEX_NOTUNIQUE, ['completion']);
        if (!$dbman->index_exists($table, $index)) {
            $dbman->add_index($table, $index);
        }
        upgrade_plugin_savepoint(true, 2026112803, 'local', 'laurel');
    }

    return true;
}
