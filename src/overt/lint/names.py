"""The names of the standard library and its neighbours that hold or change state."""

from __future__ import annotations

MUTATORS = {
    **dict.fromkeys(("append", "appendleft", "extend", "extendleft", "insert", "add", "setdefault", "update"), "add"),
    **dict.fromkeys(("pop", "popleft", "popitem", "remove", "discard", "clear", "subtract"), "remove"),
    **dict.fromkeys(("sort", "reverse", "rotate", "move_to_end", "intersection_update"), "change"),
    **dict.fromkeys(("difference_update", "symmetric_difference_update", "__setitem__", "__delitem__"), "change"),
}
"""Methods that change a built-in container, and how."""

ARGUMENT_MUTATORS = {
    **dict.fromkeys(("heappush", "insort", "insort_left", "insort_right", "setitem"), "add"),
    **dict.fromkeys(("heappop", "delitem"), "remove"),
    **dict.fromkeys(("heapify", "heapreplace", "heappushpop", "shuffle", "setattr", "delattr"), "change"),
}
"""Functions that change what is given to them first, and how."""

CONTAINERS = frozenset(
    {"list", "dict", "set", "bytearray", "array.array", "dict.fromkeys", "copy.copy", "copy.deepcopy"}
    | {f"collections.{name}" for name in ("defaultdict", "deque", "OrderedDict", "Counter", "ChainMap")}
    | {f"collections.{name}" for name in ("UserDict", "UserList")}
)
WEAK_CONTAINERS = frozenset(
    {f"weakref.{name}" for name in ("WeakKeyDictionary", "WeakValueDictionary", "WeakSet")} | {"_weakrefset.WeakSet"}
)
THREAD_LOCALS = frozenset({"threading.local", "_thread._local", "_threading_local.local"})
FRAMEWORK_LOCALS = frozenset(
    {f"werkzeug.local.{name}" for name in ("Local", "LocalStack", "LocalProxy")}
    | {"asgiref.local.Local", "gevent.local.local", "eventlet.corolocal.local"}
    | {f"werkzeug.{name}" for name in ("Local", "LocalStack", "LocalProxy")}
)
CONTEXT_VARIABLES = frozenset({"contextvars.ContextVar", "_contextvars.ContextVar"})
LOOPS = ("asyncio.get_running_loop.()", "asyncio.get_event_loop.()", "asyncio.new_event_loop.()")
EXECUTORS = tuple(
    f"{module}.{name}.()"
    for module in ("concurrent.futures", "concurrent.futures.thread", "concurrent.futures.process")
    for name in ("ThreadPoolExecutor", "ProcessPoolExecutor")
)
THREADS = ("threading.Thread.()", "threading.Timer.()")
CURRENT = (
    "threading.current_thread.()",
    "threading.currentThread.()",
    "threading.main_thread.()",
    "asyncio.current_task.()",
    "asyncio.tasks.current_task.()",
)
DECIMAL_CONTEXT = ("decimal.getcontext.()", "decimal.DefaultContext")
ROOT_LOGGERS = ("logging.getLogger.()", "logging.root")


def _under(module: str, names: str) -> list[str]:
    return [f"{module}.{name}" for name in names.split()]


_IDENTITIES = "chdir fchdir chroot umask setuid setgid seteuid setegid setreuid setregid setresuid setresgid setgroups"
_KNOBS = (
    *_under("socket", "setdefaulttimeout"),
    *_under("decimal", "setcontext"),
    *_under("sys", "setrecursionlimit setswitchinterval settrace setprofile set_int_max_str_digits setdlopenflags"),
    *_under("sys", "set_asyncgen_hooks set_coroutine_origin_tracking_depth"),
    *_under("threading", "settrace setprofile stack_size settrace_all_threads setprofile_all_threads"),
    *_under("gc", "disable enable set_threshold freeze unfreeze set_debug"),
    *_under("asyncio", "set_event_loop_policy"),
    *_under("multiprocessing", "set_start_method set_executable"),
    *_under("csv", "field_size_limit"),
    *_under("resource", "setrlimit"),
)
_SEEDS = (
    *_under("random", "seed setstate"),
    *_under("numpy.random", "seed set_state"),
    *_under("torch", "manual_seed seed set_rng_state"),
    *_under("torch.cuda", "manual_seed manual_seed_all"),
    *_under("tensorflow.random", "set_seed"),
)
_LOGGING = (
    *_under("logging", "basicConfig disable setLoggerClass setLogRecordFactory captureWarnings"),
    *_under("logging.config", "dictConfig fileConfig"),
    *(f"{root}.{name}" for root in ROOT_LOGGERS for name in ("setLevel", "addHandler", "removeHandler", "addFilter")),
)
_TASKS = (
    *_under("asyncio", "create_task ensure_future"),
    *_under("asyncio.tasks", "create_task ensure_future"),
    *(f"{loop}.create_task" for loop in LOOPS),
)
_FUTURES = (
    *(f"{executor}.submit" for executor in EXECUTORS),
    "asyncio.run_coroutine_threadsafe",
    *(f"{loop}.run_in_executor" for loop in LOOPS),
)

CALLS: dict[str, str] = {
    **dict.fromkeys(THREAD_LOCALS, "OV101"),
    **dict.fromkeys(FRAMEWORK_LOCALS, "OV102"),
    **dict.fromkeys(CONTEXT_VARIABLES, "OV105"),
    **dict.fromkeys((f"globals.().{name}" for name in MUTATORS), "OV205"),
    **dict.fromkeys(("os.putenv", "os.unsetenv"), "OV401"),
    **dict.fromkeys((f"{env}.{name}" for env in ("os.environ", "os.environb") for name in MUTATORS), "OV401"),
    **dict.fromkeys(_under("os", _IDENTITIES), "OV402"),
    "contextlib.chdir": "OV402",
    "os.initgroups": "OV402",
    **dict.fromkeys(("locale.setlocale", "locale.resetlocale", "time.tzset"), "OV403"),
    **dict.fromkeys(("gettext.install", "gettext.textdomain"), "OV403"),
    **dict.fromkeys(_SEEDS, "OV404"),
    **dict.fromkeys(_KNOBS, "OV405"),
    **dict.fromkeys(_under("signal", "signal set_wakeup_fd setitimer alarm siginterrupt"), "OV406"),
    "faulthandler.register": "OV406",
    **dict.fromkeys((f"{loop}.add_signal_handler" for loop in LOOPS), "OV406"),
    **dict.fromkeys(_under("warnings", "filterwarnings simplefilter resetwarnings"), "OV407"),
    **dict.fromkeys((f"warnings.filters.{name}" for name in MUTATORS), "OV407"),
    **{f"sys.{place}.{name}": "OV408" for place in ("path", "modules", "meta_path", "path_hooks") for name in MUTATORS},
    "site.addsitedir": "OV408",
    **dict.fromkeys(_LOGGING, "OV409"),
    **dict.fromkeys(("atexit.register", "os.register_at_fork"), "OV410"),
    **dict.fromkeys(_TASKS, "OV601"),
    **dict.fromkeys((f"{thread}.start" for thread in THREADS), "OV602"),
    **dict.fromkeys(_FUTURES, "OV603"),
    **dict.fromkeys(("time.sleep", "asyncio.sleep"), "OV701"),
}
"""Dotted name of a function to the rule that its call concerns; `()` stands for a call and `[]` for a subscript."""

STORES: dict[str, str] = {
    "os.environ": "OV401",
    "os.environ.[]": "OV401",
    "os.environb.[]": "OV401",
    "globals.().[]": "OV205",
    **{
        f"sys.{place}{tail}": "OV408"
        for place in ("path", "modules", "meta_path", "path_hooks")
        for tail in ("", ".[]")
    },
    "warnings.filters": "OV407",
    "warnings.filters.[]": "OV407",
}
"""Dotted name of what is assigned or deleted to the rule that it concerns."""

LEAST_ARGUMENTS = {
    "locale.setlocale": 2,
    "threading.stack_size": 1,
    "csv.field_size_limit": 1,
    "time.sleep": 1,
    "asyncio.sleep": 1,
}
"""Functions that only tell the present value when called with fewer arguments than this."""

CACHES = frozenset({"functools.cache", "functools.lru_cache"})
DECORATORS = frozenset({"cache", "lru_cache", "register", "register_at_fork"})

WATCHED = frozenset([*(name.rpartition(".")[2] for name in CALLS), *MUTATORS, *ARGUMENT_MUTATORS, *DECORATORS, "set"])
"""Last parts of the names above: a call of anything else cannot concern a rule."""
