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

use core_privacy\local\request\approved_contextlist;
use core_privacy\local\request\approved_userlist;
use core_privacy\local\request\userlist;
use core_privacy\local\request\writer;
use local_laurel\local\outbox;

/**
 * What is kept about a learner can be had and deleted.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers \local_laurel\privacy\provider
 */
final class provider_test extends \core_privacy\tests\provider_testcase {
    /** @var \stdClass[] Two learners. */
    private array $learners = [];

    /**
     * Two learners with a row each.
     */
    protected function setUp(): void {
        global $CFG;
        parent::setUp();
        $this->resetAfterTest();
        $this->redirectMessages();
        require_once($CFG->dirroot . '/completion/completion_completion.php');
        set_config('courses', '*', 'local_laurel');
        $course = $this->getDataGenerator()->create_course(['idnumber' => 'data-ethics', 'enablecompletion' => 1]);
        foreach ([0, 1] as $i) {
            $this->learners[$i] = $this->getDataGenerator()->create_and_enrol($course);
            (new \completion_completion(['userid' => $this->learners[$i]->id, 'course' => $course->id]))->mark_complete();
        }
    }

    /**
     * The learner's own context, and nobody else's.
     */
    public function test_it_is_found_in_the_learners_own_context(): void {
        $context = \core\context\user::instance($this->learners[0]->id);
        $contexts = provider::get_contexts_for_userid($this->learners[0]->id)->get_contextids();
        $this->assertEquals([$context->id], $contexts);
        $this->assertEmpty(provider::get_contexts_for_userid(get_admin()->id)->get_contextids());
        $userlist = new userlist($context, 'local_laurel');
        provider::get_users_in_context($userlist);
        $this->assertEquals([$this->learners[0]->id], $userlist->get_userids());
    }

    /**
     * What is exported says what was sent.
     */
    public function test_it_is_exported(): void {
        global $DB;
        $learner = $this->learners[0];
        $DB->set_field(outbox::TABLE, 'payload', '{"learner":{"fullname":"Ana"}}', ['userid' => $learner->id]);
        $context = \core\context\user::instance($learner->id);
        $this->export_context_data_for_user($learner->id, $context, 'local_laurel');
        $episode = $DB->get_field(outbox::TABLE, 'episode', ['userid' => $learner->id]);
        $data = writer::with_context($context)->get_data([get_string('pluginname', 'local_laurel'), $episode]);
        $this->assertEquals('data-ethics', $data->offering);
        $this->assertEquals('Ana', $data->sent->learner->fullname);
    }

    /**
     * Each way of deleting deletes one learner's rows only.
     *
     * @param string $way
     * @dataProvider ways
     */
    public function test_it_is_deleted(string $way): void {
        global $DB;
        [$learner, $other] = $this->learners;
        $context = \core\context\user::instance($learner->id);
        match ($way) {
            'context' => provider::delete_data_for_all_users_in_context($context),
            'user' => provider::delete_data_for_user(new approved_contextlist($learner, 'local_laurel', [$context->id])),
            'users' => provider::delete_data_for_users(new approved_userlist($context, 'local_laurel', [$learner->id, $other->id])),
        };
        $this->assertEquals([$other->id], $DB->get_fieldset(outbox::TABLE, 'userid'));
    }

    /**
     * Moodle's ways of deleting.
     *
     * @return array
     */
    public static function ways(): array {
        return ['a context' => ['context'], 'a user' => ['user'], 'some users' => ['users']];
    }
}
