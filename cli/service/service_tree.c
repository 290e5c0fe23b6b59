/*
 * tree: what a device has, object by object, with names from the definitions and, if asked for,
 * values.
 *
 * Each object is discovered; with "read", each of its instances is read then. Lines are sent per
 * object, depth first.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/contradictions.h"
#include "control/definition_catalogue.h"
#include "control/value_json.h"
#include "service/link_text.h"
#include "service/object_links.h"
#include "service/service_internal.h"

/* One line of the tree that waits for its value. */
struct branch {
    struct lwm2m_path path;
    cJSON *values; /* members of a result that hold the value; NULL: none */
    char *printed;
    cJSON *contradictions; /* texts; NULL: none */
};

/* One device's tree, as far as it is known. */
struct growing {
    struct lwm2m_path *roots; /* what is to be discovered, in order */
    size_t root_count;
    size_t next_root;
    struct branch *branches; /* below the present root */
    size_t branch_count, branch_capacity;
    bool shallow;         /* the device does not take a depth */
    size_t next_instance; /* index of the branch to look at for an instance to read */
    bool reading;
};

/* ---- branches ---- */

static bool add_branch(struct growing *tree, struct lwm2m_path path)
{
    if (tree->branch_count == tree->branch_capacity) {
        size_t capacity = tree->branch_capacity == 0 ? 32 : tree->branch_capacity * 2;
        struct branch *grown = realloc(tree->branches, capacity * sizeof(*grown));
        if (grown == NULL) {
            return false;
        }
        tree->branches = grown;
        tree->branch_capacity = capacity;
    }
    tree->branches[tree->branch_count++] = (struct branch){.path = path};
    return true;
}

static int compare_branches(const void *a, const void *b)
{
    return lwm2m_path_compare(((const struct branch *)a)->path, ((const struct branch *)b)->path);
}

static struct branch *find_branch(const struct growing *tree, struct lwm2m_path path)
{
    struct branch key = {.path = path};
    return tree->branch_count == 0
               ? NULL
               : bsearch(&key, tree->branches, tree->branch_count, sizeof(key), compare_branches);
}

static void clear_branches(struct growing *tree)
{
    for (size_t i = 0; i < tree->branch_count; i++) {
        cJSON_Delete(tree->branches[i].values);
        free(tree->branches[i].printed);
        cJSON_Delete(tree->branches[i].contradictions);
    }
    tree->branch_count = 0;
    tree->next_instance = 0;
    tree->reading = false;
}

/* ---- contradictions ---- */

static void add_contradiction(struct branch *branch, const char *text)
{
    if (branch->contradictions == NULL) {
        branch->contradictions = cJSON_CreateArray();
    }
    cJSON_AddItemToArray(branch->contradictions, cJSON_CreateString(text));
}

static void take_contradiction(void *context, struct lwm2m_path path, const char *text)
{
    struct branch *branch = find_branch(context, path);
    if (branch != NULL) { /* else it is above what was asked for */
        add_contradiction(branch, text);
    }
}

/* Of the present root, whose branches are all there. */
static void find_contradictions(struct service_job *job)
{
    struct growing *tree = job->state;
    const struct lwm2m_registration *registration = service_job_registration(job);
    struct lwm2m_path *paths = malloc((tree->branch_count + 1) * sizeof(*paths));
    struct lwm2m_version version = LWM2M_NO_VERSION;
    if (paths == NULL || tree->branch_count == 0 || registration == NULL) {
        free(paths);
        return;
    }
    for (size_t i = 0; i < tree->branch_count; i++) {
        paths[i] = tree->branches[i].path;
    }
    if (!lwm2m_registration_object_version(registration, paths[0].object, &version)) {
        version = LWM2M_NO_VERSION;
    }
    contradictions_find(service_of(job->request)->definitions, version, paths, tree->branch_count,
                        take_contradiction, tree);
    free(paths);
}

static void check_type(struct service_job *job, struct branch *branch,
                       const struct lwm2m_record *record)
{
    struct lwm2m_resource_definition resource;
    char text[96];
    if (service_find_resource(service_of(job->request), service_job_registration(job), record->path,
                              &resource) &&
        contradicts_type(&resource, record->value.type)) {
        snprintf(text, sizeof(text), "a value of type %s, where the definition has %s",
                 lwm2m_type_name(record->value.type), lwm2m_type_name(resource.type));
        add_contradiction(branch, text);
    }
}

/* ---- lines ---- */

static void describe_resource(cJSON *result, const struct service_job *job, struct lwm2m_path path,
                              bool has_value)
{
    struct lwm2m_resource_definition resource;
    char operations[4];
    if (!service_find_resource(service_of(job->request), service_job_registration(job), path,
                               &resource)) {
        return;
    }
    operations_print(resource.operations, operations);
    cJSON_AddStringToObject(result, "name", resource.name);
    cJSON_AddStringToObject(result, "operations", operations);
    if (!has_value) { /* else the value has brought its own */
        cJSON_AddStringToObject(result, "type", lwm2m_type_name(resource.type));
    }
    cJSON_AddBoolToObject(result, "multiple", resource.multiple);
    if (resource.units[0] != '\0') {
        cJSON_AddStringToObject(result, "unit", value_unit_text(resource.units));
    }
}

static void send_branch(struct service_job *job, struct branch *branch)
{
    static const char *const levels[] = {"", "object", "instance", "resource", "resource"};
    struct lwm2m_object_definition object;
    cJSON *result = service_result_new(job, &branch->path);
    cJSON_AddStringToObject(result, "level", levels[branch->path.level]);
    if (branch->path.level >= LWM2M_LEVEL_RESOURCE) {
        describe_resource(result, job, branch->path, branch->values != NULL);
    } else if (service_find_object(service_of(job->request), service_job_registration(job),
                                   branch->path.object, &object)) {
        cJSON_AddStringToObject(result, "name", object.name);
    }
    cJSON *member;
    while (branch->values != NULL &&
           (member = cJSON_DetachItemFromArray(branch->values, 0)) != NULL) {
        cJSON_AddItemToArray(result, member); /* it keeps its name */
    }
    if (branch->contradictions != NULL) {
        cJSON_AddItemToObject(result, "contradictions", branch->contradictions);
        branch->contradictions = NULL;
    }
    service_request_send(job->request, result, branch->printed);
}

static void send_branches(struct service_job *job)
{
    struct growing *tree = job->state;
    find_contradictions(job);
    for (size_t i = 0; i < tree->branch_count; i++) {
        send_branch(job, &tree->branches[i]);
    }
    clear_branches(tree);
}

/* ---- roots ---- */

static enum lwm2m_error add_root(void *context, const struct lwm2m_registered_object *object)
{
    struct growing *tree = context;
    struct lwm2m_path root = lwm2m_path_object(object->path.object);
    for (size_t i = 0; i < tree->root_count; i++) {
        if (lwm2m_path_equal(tree->roots[i], root)) {
            return LWM2M_OK;
        }
    }
    struct lwm2m_path *grown = realloc(tree->roots, (tree->root_count + 1) * sizeof(*grown));
    if (grown == NULL) {
        return LWM2M_NO_MEMORY;
    }
    tree->roots = grown;
    tree->roots[tree->root_count++] = root;
    return LWM2M_OK;
}

static int compare_paths(const void *a, const void *b)
{
    return lwm2m_path_compare(*(const struct lwm2m_path *)a, *(const struct lwm2m_path *)b);
}

static bool plant(struct service_job *job)
{
    struct growing *tree = calloc(1, sizeof(*tree));
    job->state = tree;
    if (tree == NULL) {
        return false;
    }
    if (job->request->path_count > 0) {
        tree->roots = malloc(sizeof(*tree->roots));
        if (tree->roots == NULL) {
            return false;
        }
        tree->roots[tree->root_count++] = job->request->paths[0];
        return true;
    }
    object_links_visit(service_job_registration(job)->links, add_root, tree);
    if (tree->root_count > 1) {
        qsort(tree->roots, tree->root_count, sizeof(*tree->roots), compare_paths);
    }
    return true;
}

/* ---- the operation ---- */

static bool prepare(struct service_request *request)
{
    if (cJSON_GetObjectItemCaseSensitive(request->parameters, "path") == NULL) {
        return true;
    }
    return service_paths(request, LWM2M_LEVEL_OBJECT, LWM2M_LEVEL_RESOURCE);
}

static bool wants_values(const struct service_job *job)
{
    return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(job->request->parameters, "read"));
}

/* Reads the next instance of the present root; false if there is none left. */
static bool read_next_instance(struct service_job *job)
{
    struct growing *tree = job->state;
    if (!wants_values(job)) {
        return false;
    }
    tree->reading = true;
    while (tree->next_instance < tree->branch_count) {
        struct lwm2m_path path = tree->branches[tree->next_instance++].path;
        struct lwm2m_path root = tree->roots[tree->next_root - 1];
        bool whole = path.level == LWM2M_LEVEL_INSTANCE && root.level < LWM2M_LEVEL_RESOURCE;
        bool single = lwm2m_path_equal(path, root) && path.level == LWM2M_LEVEL_RESOURCE;
        if (!whole && !single) {
            continue;
        }
        struct lwm2m_operation operation = {
            .kind = LWM2M_OPERATION_READ,
            .path = path,
            .format = job->request->format,
        };
        if (service_job_submit(job, &operation)) {
            return true;
        }
    }
    return false;
}

/* From 1.2 on a depth brings the resource instances, too. */
static bool takes_depth(const struct service_job *job)
{
    const struct growing *tree = job->state;
    const struct lwm2m_registration *registration = service_job_registration(job);
    struct lwm2m_version version_1_2 = {1, 2};
    return !tree->shallow && registration != NULL &&
           lwm2m_version_compare(registration->version, version_1_2) >= 0;
}

/* False if it cannot be asked for, which was noted. */
static bool discover_next_root(struct service_job *job)
{
    struct growing *tree = job->state;
    struct lwm2m_path root = tree->roots[tree->next_root++];
    struct lwm2m_operation operation = {
        .kind = LWM2M_OPERATION_DISCOVER,
        .path = root,
        .format = LWM2M_NO_FORMAT,
        .has_depth = takes_depth(job),
        .depth = (uint8_t)(LWM2M_LEVEL_RESOURCE_INSTANCE - root.level),
    };
    return service_job_submit(job, &operation);
}

static void step(struct service_job *job)
{
    if (job->state == NULL && !plant(job)) {
        service_job_fail_error(job, LWM2M_NO_MEMORY);
        service_job_finish(job);
        return;
    }
    struct growing *tree = job->state;
    for (;;) {
        if (read_next_instance(job)) {
            return;
        }
        send_branches(job);
        if (tree->next_root == tree->root_count) {
            service_job_finish(job);
            return;
        }
        if (discover_next_root(job)) {
            return;
        }
    }
}

/* Makes branches of the links; parents that the device left out are added. LWM2M_MALFORMED (with
 * *fault) keeps those before the fault; LWM2M_NO_MEMORY. */
static enum lwm2m_error take_links(struct growing *tree, struct lwm2m_path root,
                                   const struct lwm2m_outcome *outcome, struct lwm2m_fault *fault)
{
    struct lwm2m_bytes alternate = service_root_path(outcome->registration);
    struct lwm2m_link_reader reader;
    struct lwm2m_link link;
    struct lwm2m_path path;
    enum lwm2m_error error = LWM2M_OK;
    bool good = add_branch(tree, root);
    lwm2m_link_reader_init(&reader, outcome->payload);
    while (good && (error = lwm2m_link_reader_next(&reader, &link, fault)) == LWM2M_OK) {
        if (link_path(&link, alternate, &path) && lwm2m_path_contains(root, path)) {
            for (unsigned level = root.level + 1u; good && level <= path.level; level++) {
                good = add_branch(tree, lwm2m_path_ancestor(path, (enum lwm2m_path_level)level));
            }
        }
    }
    if (!good) {
        return LWM2M_NO_MEMORY;
    }
    qsort(tree->branches, tree->branch_count, sizeof(*tree->branches), compare_branches);
    size_t kept = 0;
    for (size_t i = 1; i < tree->branch_count; i++) {
        if (compare_branches(&tree->branches[kept], &tree->branches[i]) != 0) {
            tree->branches[++kept] = tree->branches[i];
        }
    }
    tree->branch_count = kept + 1;
    return error == LWM2M_NOT_FOUND ? LWM2M_OK : error;
}

struct harvest {
    struct service_job *job;
    const struct lwm2m_outcome *outcome;
};

static enum lwm2m_error take_record(void *context, const struct lwm2m_record *record)
{
    const struct harvest *harvest = context;
    struct growing *tree = harvest->job->state;
    if (record->value.type == LWM2M_TYPE_NONE) {
        return LWM2M_OK;
    }
    struct branch *branch = find_branch(tree, record->path);
    if (branch == NULL) {
        /* An instance of a multiple resource, which Discover does not list: it goes where the order
         * wants it. */
        if (!add_branch(tree, record->path)) {
            return LWM2M_NO_MEMORY;
        }
        qsort(tree->branches, tree->branch_count, sizeof(*tree->branches), compare_branches);
        branch = find_branch(tree, record->path);
    }
    if (branch->values == NULL) {
        branch->values = cJSON_CreateObject();
        value_json_add(branch->values, &record->value);
        branch->printed = value_text_new(&record->value);
        check_type(harvest->job, branch, record);
    }
    return LWM2M_OK;
}

static void take_values(struct service_job *job, const struct lwm2m_outcome *outcome)
{
    struct harvest harvest = {.job = job, .outcome = outcome};
    struct lwm2m_sink sink = {.context = &harvest, .put = take_record};
    struct growing *tree = job->state;
    size_t before = tree->branch_count;
    enum lwm2m_error error = lwm2m_outcome_decode(outcome, sink, NULL);
    if (error == LWM2M_TYPE) { /* a contradiction, which is to be shown with all else */
        error = lwm2m_outcome_decode_untyped(outcome, sink, NULL);
    }
    if (error != LWM2M_OK) {
        service_job_fail(job, EXIT_CODE_DECODE, NULL, "an answer cannot be decoded: %s",
                         lwm2m_error_text(error));
    }
    /* What was put in between lies below the instance that was just read, before the next one. */
    tree->next_instance += tree->branch_count - before;
}

static void take_answer(struct service_job *job, const struct lwm2m_outcome *outcome)
{
    struct growing *tree = job->state;
    struct lwm2m_fault fault = {0};
    if (tree->reading) {
        take_values(job, outcome);
        return;
    }
    enum lwm2m_error error = take_links(tree, job->path, outcome, &fault);
    if (error == LWM2M_MALFORMED) {
        service_job_fail_links(job, &fault);
    } else if (error != LWM2M_OK) {
        service_job_fail_error(job, error);
    }
}

/* True if the device refused the depth, or may have: then the same is asked without. */
static bool refused_depth(const struct service_job *job, const struct lwm2m_outcome *outcome)
{
    const struct growing *tree = job->state;
    return !tree->reading && takes_depth(job) && outcome->error == LWM2M_OK &&
           (outcome->status == LWM2M_STATUS_BAD_REQUEST ||
            outcome->status == LWM2M_STATUS_BAD_OPTION);
}

static void answered(struct service_job *job, const struct lwm2m_outcome *outcome)
{
    struct growing *tree = job->state;
    if (refused_depth(job, outcome)) {
        tree->shallow = true;
        tree->next_root--;
    } else if (service_job_check(job, outcome)) {
        take_answer(job, outcome);
    }
    step(job);
}

static void release_job(struct service_job *job)
{
    struct growing *tree = job->state;
    if (tree != NULL) {
        clear_branches(tree);
        free(tree->branches);
        free(tree->roots);
        free(tree);
        job->state = NULL;
    }
}

const struct service_operation service_tree = {
    .name = "tree",
    .scope = SERVICE_ON_DEVICES,
    .prepare = prepare,
    .step = step,
    .answered = answered,
    .release_job = release_job,
};
