"""Words that Elixir itself, and packages that everybody knows, give a meaning to."""

from __future__ import annotations


def words_of(text: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(text.split())


OF_ELIXIR = words_of(
    """
    Access Agent Application Atom Base Behaviour Bitwise Code Collectable Config Date DateTime Dict
    DynamicSupervisor EEx ETS Enum Enumerable ErlangError Exception ExUnit ExUnitProperties File Float Function
    GenEvent GenServer HashDict HashSet IEx IO Inspect Integer JSON Kernel Keyword List Logger Macro Map MapSet
    MatchError Mix Module NaiveDateTime Node OTP OptionParser PartitionSupervisor Path Port Process Protocol
    Range Record RuntimeError Regex Registry Set StreamData Stream String StringIO Supervisor System Task Time
    Tuple URI Version ArgumentError ArithmeticError BadArityError BadFunctionError BadMapError CaseClauseError
    CondClauseError FunctionClauseError KeyError TryClauseError UndefinedFunctionError UnicodeConversionError
    WithClauseError Erlang Elixir BEAM Hex Ecto Phoenix Plug Jason Poison Oban Req Finch Mint Tesla HTTPoison
    Absinthe Ash Broadway GenStage Flow Nx Axon Bumblebee Livebook Kino Nerves Swoosh Bamboo Telemetry Credo
    Dialyzer Dialyxir Sobelow Benchee Mox Bypass Floki Timex Decimal Redix Cachex ConCache Horde Swarm
    Libcluster Cluster Commanded Guardian Pow Ueberauth Joken Comeonin Bcrypt Argon2 Sentry Prometheus PromEx
    OpenTelemetry Igniter Styler Quokka Boundary Witchcraft TypedStruct Norm Vex NimbleOptions NimblePool
    NimbleParsec NimbleCSV Postgrex MyXQL Tds Exqlite Mongo Xandra Bandit Cowboy Thousand WebSock Gettext Makeup
    Earmark ExDoc ExCoveralls Fuse Poolboy Observer CubDB Mnesia Dets Rustler Wallaby Hound ExMachina Faker
    PropCheck Surface Petal LiveView Heroicons
    """
)
"""First parts of the names of modules that come with Elixir, or with packages that everybody knows."""

COMMON_FUNCTIONS = words_of(
    """
    start_link init child_spec handle_call handle_cast handle_info handle_continue terminate code_change
    format_status call cast get put update delete run new start stop fetch size spawn spawn_link spawn_monitor
    send self apply inspect to_string is_nil map reduce filter each length hd tl elem put_in get_in update_in
    min max abs div rem round trunc raise throw exit tap then async await async_stream register lookup keys
    values put_new pop merge insert match select select_count info whereis monitor demonitor link unlink alive?
    handle_event handle_batch handle_demand handle_events execute attach attach_many detach span mount render
    handle_params handle_in join connect perform backoff timeout changeset cast_assoc all one transaction
    """
)
"""Names of functions that so many modules have that one without a module says nothing."""

COMMON_ATOMS = words_of(
    """
    ok error nil true false undefined normal shutdown kill killed ets dets mnesia erlang public private
    protected set bag ordered_set duplicate_bag named_table read_concurrency write_concurrency heir observer
    telemetry os rand timer maps lists permanent temporary transient one_for_one one_for_all rest_for_one info
    debug warning warn timeout dev test prod runtime_tools persistent_term counters atomics dictionary pg global
    via local infinity up down exit noproc logger crypto ssl
    """
)
"""Atoms that Erlang and Elixir give a meaning to."""

OF_MIX = words_of(
    """
    app.config app.start app.tree archive archive.build archive.check archive.install archive.uninstall clean
    cmd compile compile.all compile.app compile.elixir compile.erlang compile.leex compile.protocols
    compile.yecc deps deps.clean deps.compile deps.get deps.loadpaths deps.precompile deps.tree deps.unlock
    deps.update deps.partition do escript escript.build escript.install escript.uninstall eval format help iex
    init loadconfig loadpaths local local.hex local.phx local.public_keys local.rebar new profile.cprof
    profile.eprof profile.fprof profile.tprof release release.init run test test.coverage xref hex hex.audit
    hex.build hex.config hex.docs hex.info hex.organization hex.outdated hex.owner hex.package hex.publish
    hex.registry hex.repo hex.retire hex.search hex.sponsor hex.user
    """
)
"""Tasks that come with Elixir and Hex."""
