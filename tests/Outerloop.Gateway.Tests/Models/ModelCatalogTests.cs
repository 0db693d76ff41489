using Outerloop.Gateway.Answers;
using Outerloop.Gateway.Models;
using Outerloop.Gateway.OpenAi;
using Outerloop.Gateway.Tests.Support;
using Outerloop.Model.Sampling;
using Outerloop.Tests.Support;

namespace Outerloop.Gateway.Tests.Models;

/// <summary>Which models are open.</summary>
public sealed class ModelCatalogTests : IModelSource, IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    private readonly TemporaryFolder _folder = new();
    private readonly SteppedClock _clock = new();
    private readonly List<OfferedModel> _offered = [];
    private ModelCatalog _catalog = null!;

    public Task<IReadOnlyList<OfferedModel>> List(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<OfferedModel>>([.. _offered]);

    public Task InitializeAsync()
    {
        _catalog = new ModelCatalog([this], threads: 1, _clock);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _catalog.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_generation_that_was_superseded_is_closed_when_nobody_has_asked_for_it_for_a_while()
    {
        OfferedModel first = Model("first"), second = Model("second");
        await AskAlias(first);
        _clock.Pass(Long);
        await AskAlias(first);
        Assert.Equal(1, _catalog.Count); // it answers users, however seldom

        await AskAlias(second);
        Assert.Equal(2, _catalog.Count); // somebody may still ask for it by its name
        _clock.Pass(Long);
        await AskAlias(second);
        Assert.Equal(1, _catalog.Count);

        await Ask(first); // it is opened again
        Assert.Equal(2, _catalog.Count);
    }

    [Fact]
    public async Task A_canary_and_a_model_that_the_gateway_began_with_stay_open()
    {
        OfferedModel current = Model("current"), canary = Model("canary"), begun = Model("begun"), asked = Model("asked");
        (await _catalog.Use(begun, stays: true)).Dispose();
        foreach (OfferedModel model in (OfferedModel[])[current, canary, begun, asked])
            await Ask(model);
        _offered.Add(current with { Name = "alias", StandsFor = current.Name, Canary = (canary, 0.1) });
        await _catalog.List(default);

        _clock.Pass(Long);
        await Ask(current);

        Assert.Equal(3, _catalog.Count);
    }

    [Fact]
    public async Task An_answer_that_is_under_way_ends_on_its_model()
    {
        using var endless = new EndlessModel();
        OfferedModel first = (await endless.List(default))[0], second = Model("second");
        ModelUse use = await _catalog.Use(first);
        var parameters = new SamplingParameters([1], 0, TokenFilter.None, 20_000, []) { Stream = true };
        await using IAsyncEnumerator<AnswerPiece> pieces = use.Model.Answer(use.Model.Tokenizer.Encode(EndlessModel.Words), parameters, 1, 0, default).GetAsyncEnumerator();
        Assert.True(await pieces.MoveNextAsync());

        _clock.Pass(Long);
        await Ask(second);

        Assert.Equal(2, _catalog.Count);
        string? finish = pieces.Current.Finish;
        while (await pieces.MoveNextAsync())
            finish = pieces.Current.Finish;
        Assert.Equal("length", finish); // one that is cut off ends in an exception
        use.Dispose();
        use.Dispose(); // counts once
        _clock.Pass(Long);
        await Ask(second);
        Assert.Equal(1, _catalog.Count);
    }

    [Fact]
    public async Task A_name_does_not_change_its_meaning_while_its_model_is_closed()
    {
        OfferedModel changed = Model("changed"), other = Model("other");
        await Ask(changed);
        _clock.Pass(Long);
        await Ask(other);
        Assert.Equal(1, _catalog.Count);
        using var endless = new EndlessModel();
        string weights = (await endless.List(default))[0].Folder;
        foreach (string file in Directory.EnumerateFiles(weights))
            File.Copy(file, Path.Combine(changed.Folder, Path.GetFileName(file)), overwrite: true);

        InputException refused = await Assert.ThrowsAsync<InputException>(() => Ask(changed));

        Assert.Contains("does not change its meaning", refused.Message, StringComparison.Ordinal);
    }

    private async Task AskAlias(OfferedModel current)
    {
        _offered.Clear();
        _offered.Add(current with { Name = "alias", StandsFor = current.Name });
        await _catalog.List(default);
        await Ask(_offered[0]);
    }

    private async Task Ask(OfferedModel model)
    {
        using ModelUse use = await _catalog.Use(model);
        Assert.NotEmpty(use.Model.Weights);
    }

    /// <summary>A copy of the bundled base.</summary>
    private OfferedModel Model(string name)
    {
        string folder = Directory.CreateDirectory(_folder.File(name)).FullName;
        foreach (string file in Directory.EnumerateFiles(BaseGateway.Folder))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        return new OfferedModel(name, folder, DateTimeOffset.UnixEpoch);
    }
}
