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

namespace local_laurel\form;

use local_laurel\local\catalogue;
use local_laurel\local\course_fields;
use local_laurel\local\course_settings;
use local_laurel\local\offering_map;
use local_laurel\local\trigger;

defined('MOODLE_INTERNAL') || die();

require_once($CFG->libdir . '/formslib.php');
require_once($CFG->libdir . '/completionlib.php');

/**
 * A course's settings: whether it issues, for what, and which offering.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class course_form extends \moodleform {
    /** How the form names what is to be reached: the trigger's kind and id. */
    private const TARGETS = [trigger::ACTIVITY->value => 'activity', trigger::COMPETENCY->value => 'competency'];

    /**
     * The fields.
     */
    protected function definition(): void {
        $form = $this->_form;
        $course = $this->_customdata['course'];
        $form->addElement('hidden', 'id', $course->id);
        $form->setType('id', PARAM_INT);

        $enabled = get_string('enabled', 'local_laurel');
        $form->addElement('advcheckbox', 'enabled', $enabled, get_string('enabled_label', 'local_laurel'));
        $form->addHelpButton('enabled', 'enabled', 'local_laurel');

        $form->addElement('header', 'offeringheader', get_string('offering', 'local_laurel'));
        $form->setExpanded('offeringheader');
        $form->addElement('select', 'source', get_string('source', 'local_laurel'), $this->sources($course));
        $this->add_offering();
        $fields = course_fields::names();
        $form->addElement('select', 'field', get_string('source_field', 'local_laurel'), $fields);
        $form->hideIf('field', 'source', 'neq', course_settings::FIELD);

        $form->addElement('header', 'triggerheader', get_string('trigger', 'local_laurel'));
        $form->setExpanded('triggerheader');
        $kinds = array_map(static fn(trigger $one): string => $one->value, trigger::cases());
        $labels = array_map(static fn(string $kind): string => get_string("trigger_{$kind}", 'local_laurel'), $kinds);
        $form->addElement('select', 'triggerkind', get_string('trigger', 'local_laurel'), array_combine($kinds, $labels));
        $form->addElement('select', 'activity', get_string('trigger_activity', 'local_laurel'), self::activities($course));
        $form->hideIf('activity', 'triggerkind', 'neq', trigger::ACTIVITY->value);
        $form->addElement('select', 'competency', get_string('trigger_competency', 'local_laurel'), self::competencies($course));
        $form->hideIf('competency', 'triggerkind', 'neq', trigger::COMPETENCY->value);

        $form->addElement('header', 'consentheader', get_string('consent', 'local_laurel'));
        $form->setExpanded('consentheader');
        $form->addElement('select', 'consent', get_string('consent', 'local_laurel'), [
            course_settings::AT_ONCE => get_string('consent_atonce', 'local_laurel'),
            course_settings::CLAIM => get_string('consent_claim', 'local_laurel'),
        ]);
        $form->addHelpButton('consent', 'consent', 'local_laurel');
        $this->add_action_buttons();
    }

    /**
     * The field the offering is picked in: by search in the catalogue, or, where that cannot be read, by its id.
     */
    private function add_offering(): void {
        $form = $this->_form;
        try {
            $offerings = catalogue::offerings();
            $picked = $this->_customdata['row']->offering;
            if ($picked !== '' && $picked !== null && !isset($offerings[$picked])) {
                $offerings[$picked] = get_string('offering_unlisted', 'local_laurel', $picked);
            }
            $form->addElement(
                'autocomplete',
                'offering',
                get_string('offering', 'local_laurel'),
                ['' => ''] + $offerings,
                ['noselectionstring' => get_string('offering_none', 'local_laurel'),
                    'placeholder' => get_string('offering_search', 'local_laurel')]
            );
        } catch (\moodle_exception $problem) {
            $form->addElement('text', 'offering', get_string('offering_id', 'local_laurel'));
            $form->setType('offering', PARAM_RAW_TRIMMED);
            $form->addElement('static', 'cataloguefailed', '', s($problem->getMessage()));
            $form->hideIf('cataloguefailed', 'source', 'neq', course_settings::OFFERING);
        }
        $form->hideIf('offering', 'source', 'neq', course_settings::OFFERING);
    }

    /**
     * Where the offering may come from.
     *
     * @param \stdClass $course
     * @return array<string, string>
     */
    private function sources(\stdClass $course): array {
        $sources = [
            course_settings::OFFERING => get_string('source_offering', 'local_laurel'),
            course_settings::IDNUMBER => get_string('source_idnumber', 'local_laurel', s($course->idnumber ?: '–')),
        ];
        if (course_fields::names()) {
            $sources[course_settings::FIELD] = get_string('source_field', 'local_laurel');
        }
        $listed = offering_map::from_config()->offering((string) $course->idnumber);
        if ($listed !== null) {
            $sources[course_settings::SITE] = get_string('source_site', 'local_laurel', $listed);
        }
        return $sources;
    }

    /**
     * The activities whose completion Moodle tracks: names by course module id.
     *
     * @param \stdClass $course
     * @return array<int, string>
     */
    private static function activities(\stdClass $course): array {
        $activities = [];
        foreach (get_fast_modinfo($course)->get_cms() as $cm) {
            if ($cm->completion != COMPLETION_TRACKING_NONE && !$cm->deletioninprogress) {
                $activities[$cm->id] = $cm->get_formatted_name();
            }
        }
        return $activities;
    }

    /**
     * The course's competencies: names by id.
     *
     * @param \stdClass $course
     * @return array<int, string>
     */
    private static function competencies(\stdClass $course): array {
        global $DB;
        return array_map('format_string', $DB->get_records_sql_menu(
            'SELECT c.id, c.shortname FROM {competency} c JOIN {competency_coursecomp} cc ON cc.competencyid = c.id
              WHERE cc.courseid = :courseid ORDER BY c.shortname',
            ['courseid' => $course->id]
        ));
    }

    /**
     * Fill the form from a course's row.
     *
     * @param \stdClass $row
     */
    public function fill(\stdClass $row): void {
        $data = clone $row;
        $data->id = $this->_customdata['course']->id;
        if (isset(self::TARGETS[$row->triggerkind])) {
            $data->{self::TARGETS[$row->triggerkind]} = $row->triggerid;
        }
        $data->source = !$row->enabled && $row->source === course_settings::SITE ? course_settings::OFFERING : $row->source;
        $this->set_data($data);
    }

    /**
     * What was said, as course_settings keeps it; null where nothing was, or not rightly.
     *
     * @return \stdClass|null
     */
    public function said(): ?\stdClass {
        $data = $this->get_data();
        if ($data) {
            $target = self::TARGETS[$data->triggerkind] ?? null;
            $data->triggerid = $target === null ? 0 : (int) $data->{$target};
            $data->offering = trim((string) ($data->offering ?? ''));
            $data->field = (string) ($data->field ?? '');
        }
        return $data;
    }

    /**
     * Whether learners would get what the form promises.
     *
     * @param array $data
     * @param array $files
     * @return array<string, string>
     */
    public function validation($data, $files): array {
        $errors = parent::validation($data, $files);
        if (!$data['enabled']) {
            return $errors;
        }
        $course = $this->_customdata['course'];
        $offering = match ($data['source']) {
            course_settings::OFFERING => ['offering', trim((string) ($data['offering'] ?? ''))],
            course_settings::IDNUMBER => ['source', trim((string) $course->idnumber)],
            course_settings::FIELD => ['field', course_fields::values((int) $course->id)[$data['field'] ?? ''] ?? ''],
            default => ['source', (string) offering_map::from_config()->offering((string) $course->idnumber)],
        };
        if (!offering_map::is_offering($offering[1])) {
            $errors[$offering[0]] = $offering[1] === ''
                ? get_string('offering_none', 'local_laurel')
                : get_string('offering_missing', 'local_laurel', s($offering[1]));
        }
        $target = self::TARGETS[$data['triggerkind']] ?? null;
        if ($target !== null && empty($data[$target])) {
            $errors['triggerkind'] = get_string("no{$target}", 'local_laurel');
        }
        if ($data['triggerkind'] !== trigger::COMPETENCY->value && !(new \completion_info($course))->is_enabled()) {
            $errors['triggerkind'] = get_string('nocompletion', 'local_laurel');
        }
        if ($data['triggerkind'] === trigger::COURSE->value && !(new \completion_info($course))->has_criteria()) {
            $errors['triggerkind'] = get_string('nocriteria', 'local_laurel');
        }
        return $errors;
    }
}
