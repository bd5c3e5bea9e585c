<?php
// Does one thing in a running Moodle with the plugin installed: php site.php MOODLE_DIR < {"call": …, …}, prints its result as JSON.
// For a test site only: it makes courses and learners, and changes the plugin's settings.

define('CLI_SCRIPT', true);
require($argv[1] . '/config.php');
global $CFG, $DB;
require_once($CFG->libdir . '/testing/generator/lib.php');
require_once($CFG->libdir . '/completionlib.php');
require_once($CFG->libdir . '/questionlib.php');
require_once($CFG->libdir . '/gradelib.php');
require_once($CFG->dirroot . '/course/lib.php');
require_once($CFG->dirroot . '/mod/quiz/locallib.php');
require_once($CFG->dirroot . '/completion/criteria/completion_criteria_activity.php');
$CFG->noemailever = true;
\core\session\manager::set_user(get_admin());

const SETTINGS = [['local_laurel', 'bridgeurl'], ['local_laurel', 'platform'], ['local_laurel', 'secret'], ['local_laurel', 'courses'],
    [null, 'curlsecurityblockedhosts'], [null, 'curlsecurityallowedport'], ['local_laurel', 'secretbefore'],
    ['local_laurel', 'pushes']];

/** A course that is completed by passing its quiz of one true/false question. */
function make_course(testing_data_generator $generator, string $idnumber): stdClass {
    global $DB, $USER;
    $course = $generator->create_course(['fullname' => "Course {$idnumber}", 'shortname' => $idnumber, 'idnumber' => $idnumber,
        'enablecompletion' => 1]);
    $quiz = $generator->get_plugin_generator('mod_quiz')->create_instance(['course' => $course->id, 'grade' => 100, 'sumgrades' => 1,
        'gradepass' => 60, 'questionsperpage' => 0, 'completion' => COMPLETION_TRACKING_AUTOMATIC, 'completionusegrade' => 1,
        'completionpassgrade' => 1]);
    $cm = get_coursemodule_from_instance('quiz', $quiz->id, $course->id, false, MUST_EXIST);
    $category = $generator->get_plugin_generator('core_question')
        ->create_question_category(['contextid' => \core\context\module::instance($cm->id)->id]);
    $text = static fn(string $text): array => ['text' => $text, 'format' => FORMAT_HTML];
    $question = question_bank::get_qtype('truefalse')->save_question(
        (object) ['qtype' => 'truefalse', 'category' => $category->id, 'createdby' => $USER->id, 'modifiedby' => $USER->id],
        (object) ['name' => 'One', 'questiontext' => $text('Is it?'), 'generalfeedback' => $text(''), 'defaultmark' => 1, 'penalty' => 1,
            'correctanswer' => '1', 'feedbacktrue' => $text(''), 'feedbackfalse' => $text(''), 'status' => 'ready', 'idnumber' => null,
            'category' => "{$category->id},{$category->contextid}", 'showstandardinstruction' => 1]
    );
    quiz_add_quiz_question($question->id, $quiz);
    \mod_quiz\quiz_settings::create($quiz->id)->get_grade_calculator()->recompute_quiz_sumgrades();
    $criteria = (object) ['id' => $course->id, 'criteria_activity' => [$cm->id => 1]];
    (new completion_criteria_activity())->update_config($criteria);
    (new completion_aggregation(['course' => $course->id, 'criteriatype' => null]))->setMethod(COMPLETION_AGGREGATION_ALL);
    return (object) ['course' => (int) $course->id, 'cm' => (int) $cm->id];
}

/** Complete a course for somebody, as cron would. */
function complete(int $course, int $user, int $offset = 0): int {
    $completion = new completion_completion(['userid' => $user, 'course' => $course]);
    $completion->mark_complete(time() + $offset);
    return (int) $completion->id;
}

$in = json_decode(stream_get_contents(STDIN), false, 32, JSON_THROW_ON_ERROR);
$generator = new testing_data_generator();
ob_start();
$out = match ($in->call) {
    'settings' => array_map(static fn(array $one): mixed => get_config(...$one) ?: '', array_map(
        static fn(array $one): array => [$one[0] ?? 'core', $one[1]],
        SETTINGS
    )),
    'set' => array_map(static fn(array $one, string $value) => set_config($one[1], $value, $one[0]), SETTINGS, $in->values),
    'course' => make_course($generator, $in->idnumber),
    'forget' => delete_course($in->course, false) && $DB->delete_records('local_laurel_outbox', ['courseid' => $in->course]),
    'learner' => (static function () use ($generator, $in): int {
        $user = $generator->create_user(['username' => $in->username, 'password' => $in->password, 'firstname' => $in->firstname,
            'lastname' => $in->lastname, 'email' => "{$in->username}@example.org"]);
        $generator->enrol_user($user->id, $in->course, 'student');
        return (int) $user->id;
    })(),
    'complete' => complete($in->course, $in->user, $in->time ?? 0),
    'complete_and_roll_back' => (static function () use ($in, $DB): bool {
        $transaction = $DB->start_delegated_transaction();
        complete($in->course, $in->user);
        try {
            $transaction->rollback(new Exception('on purpose'));
        } catch (Exception $expected) {
            return true;
        }
    })(),
    'complete_without_outbox' => (static function () use ($in, $DB): int {
        $rename = static function (string $from, string $to) use ($DB): void {
            $DB->get_manager()->rename_table(new xmldb_table($from), $to);
        };
        $rename('local_laurel_outbox', 'local_laurel_away');
        try {
            return complete($in->course, $in->user);
        } finally {
            $rename('local_laurel_away', 'local_laurel_outbox');
        }
    })(),
    'is_complete' => (bool) $DB->get_field('course_completions', 'timecompleted', ['course' => $in->course, 'userid' => $in->user]),
    'opt_in' => (static function () use ($in): bool {
        $blank = ['enabled' => 1, 'source' => 'offering', 'offering' => '', 'field' => '', 'triggerkind' => 'course', 'triggerid' => 0,
            'consent' => 'atonce'];
        \local_laurel\local\course_settings::save(get_course($in->course), (object) ((array) $in->settings + $blank), 2, time());
        return true;
    })(),
    'competency' => (static function () use ($in, $DB): int {
        set_config('enabled', 1, 'core_competency');
        $scale = (int) $DB->get_field_sql('SELECT MIN(id) FROM {scale}');
        $proficient = json_encode([['scaleid' => "{$scale}"], ['id' => 2, 'scaledefault' => 1, 'proficient' => 1]]);
        $framework = \core_competency\api::create_framework((object) ['shortname' => uniqid(), 'idnumber' => uniqid(),
            'contextid' => \core\context\system::instance()->id, 'scaleid' => $scale, 'scaleconfiguration' => $proficient]);
        $competency = \core_competency\api::create_competency((object) ['competencyframeworkid' => $framework->get('id'),
            'shortname' => 'Reads charts', 'idnumber' => uniqid(), 'parentid' => 0]);
        \core_competency\api::add_competency_to_course($in->course, $competency->get('id'));
        $link = \core_competency\course_competency::get_record(['courseid' => $in->course, 'competencyid' => $competency->get('id')]);
        \core_competency\api::set_course_competency_ruleoutcome(
            $link->get('id'),
            \core_competency\course_competency::OUTCOME_COMPLETE
        );
        return (int) $competency->get('id');
    })(),
    'lower_grade' => (static function () use ($in): bool {
        $item = \grade_item::fetch(['courseid' => $in->course, 'itemtype' => 'mod']);
        return $item->update_final_grade($in->user, $in->grade ?? 10);
    })(),
    'unenrol' => (static function () use ($in): bool {
        foreach (enrol_get_instances($in->course, true) as $instance) {
            enrol_get_plugin($instance->enrol)->unenrol_user($instance, $in->user);
        }
        return true;
    })(),
    'delete_user' => delete_user(\core\user::get_user($in->user)),
    'update_user' => (static function () use ($in): bool {
        global $CFG;
        require_once($CFG->dirroot . '/user/lib.php');
        user_update_user((object) ['id' => $in->user, 'firstname' => $in->firstname], false);
        return true;
    })(),
    'reset' => (static function () use ($in): bool {
        reset_course_userdata((object) ['id' => $in->course, 'reset_completion' => 1, 'reset_start_date_old' => 0]);
        return true;
    })(),
    'set_courses' => set_config('courses', $in->value, 'local_laurel'),
    'unlock' => (new \completion_info(get_course($in->course)))->delete_course_completion_data() ?? true,
    'reconcile' => (static fn() => \core\task\manager::get_scheduled_task('\local_laurel\task\reconcile')->execute())(),
    'complete_all' => array_map(static fn(int $user): int => complete($in->course, $user), $in->users),
    'learners' => array_map(static function () use ($generator, $in): int {
        $user = $generator->create_user();
        $generator->enrol_user($user->id, $in->course, 'student');
        return (int) $user->id;
    }, range(1, $in->count)),
    'messages' => array_column($DB->get_records('notifications', ['useridto' => $in->user, 'component' => 'local_laurel'], 'id'), 'subject'),
    'rename' => $DB->set_field('user', 'firstname', $in->firstname, ['id' => $in->user]),
    'sweep' => (static function () use ($in, $DB): void {
        if (!empty($in->anew)) {
            // As if the pause before the next question were over.
            $DB->set_field_select('local_laurel_outbox', 'nextpoll', 0, 'nextpoll IS NOT NULL');
        }
        \core\task\manager::get_scheduled_task('\local_laurel\task\deliver')->execute();
    })(),
    'tell_learners' => (static function (): void {
        while ($task = \core\task\manager::get_next_adhoc_task(time(), false, \local_laurel\task\tell_learners::class)) {
            $task->execute();
            \core\task\manager::adhoc_task_complete($task);
        }
    })(),
    'retry' => (static fn() => \local_laurel\local\outbox::retry(null, time()))(),
    'rows' => array_values($DB->get_records('local_laurel_outbox', ['courseid' => $in->course], 'id')),
    'undelivered' => count(\local_laurel\local\outbox::undelivered(1)),
    'privacy' => (static function () use ($in): array {
        $user = \core\user::get_user($in->user);
        $context = \core\context\user::instance($user->id);
        $contexts = \local_laurel\privacy\provider::get_contexts_for_userid($user->id)->get_contextids();
        $approved = new \core_privacy\local\request\approved_contextlist($user, 'local_laurel', $contexts);
        $users = new \core_privacy\local\request\userlist($context, 'local_laurel');
        \local_laurel\privacy\provider::get_users_in_context($users);
        if ($in->delete) {
            \local_laurel\privacy\provider::delete_data_for_user($approved);
        }
        return [
            'compliant' => (new \core_privacy\manager())->component_is_compliant('local_laurel'),
            'own' => array_map('intval', $contexts) === [$context->id],
            'users' => array_map('intval', $users->get_userids()),
        ];
    })(),
};
ob_end_clean();
echo json_encode($out, JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE);
